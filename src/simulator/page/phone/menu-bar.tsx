/** 自定义菜单 at the foot of the chat, with names cut as the phone cuts them. */
import { signal } from '@preact/signals';
import { shortenOnPhone } from '../../../core/text/phone-width.ts';
import type { MenuButton } from '../../control/types/index.ts';
import { askFor } from '../parts/field-dialog.tsx';
import type { Field, Values } from '../parts/form.tsx';
import { say } from '../words.ts';
import { tap } from './actions.ts';
import { placeFields, readPlace } from './places.ts';

/** Four Chinese characters on the bar, eight in a sub-menu; a letter takes half of one. */
const topColumns = 8;
const subColumns = 16;

const openParent = signal<number | null>(null);
addEventListener('click', (event) => {
  if (!(event.target as Element).closest('.menu-bar')) openParent.value = null;
});

export function MenuBar({ buttons }: { buttons: readonly MenuButton[] }) {
  return (
    <div class="menu-bar" role="group" aria-label={say({ en: 'Menu', zh: '菜单' })} onKeyDown={closeSubMenu}>
      {buttons.map((button, index) => (
        <TopButton key={index} button={button} index={index} />
      ))}
    </div>
  );
}

function closeSubMenu({ key }: KeyboardEvent): void {
  if (key !== 'Escape' || openParent.value === null) return;
  document.getElementById(`menu-${openParent.value}`)?.focus();
  openParent.value = null;
}

function TopButton({ button, index }: { button: MenuButton; index: number }) {
  const isParent = button.sub_button.length > 0;
  const isOpen = openParent.value === index;
  const press = (): void => {
    openParent.value = isParent && !isOpen ? index : null;
    if (!isParent) tapButton(button, [index]);
  };
  return (
    <div class="menu-top">
      {isParent && isOpen && (
        <ul class="sub-menu">
          {button.sub_button.map((sub, subIndex) => (
            <li key={subIndex}>
              <button
                type="button"
                {...nameOf(sub.name, subColumns)}
                onClick={() => {
                  openParent.value = null;
                  document.getElementById(`menu-${index}`)?.focus();
                  tapButton(sub, [index, subIndex]);
                }}
              >
                {shortenOnPhone(sub.name, subColumns)}
              </button>
            </li>
          ))}
        </ul>
      )}
      <button
        type="button"
        id={`menu-${index}`}
        {...nameOf(button.name, topColumns)}
        {...(isParent && { 'aria-expanded': isOpen })}
        onClick={press}
      >
        {isParent && <span class="menu-sign" aria-hidden="true" />}
        {shortenOnPhone(button.name, topColumns)}
      </button>
    </div>
  );
}

/** The whole name where the phone cuts it. */
function nameOf(name: string, columns: number): { title?: string } {
  return shortenOnPhone(name, columns) === name ? {} : { title: name };
}

/** Scans, pictures and places need what the phone would get from its camera. */
function tapButton(button: MenuButton, place: readonly number[]): void {
  const type = button.type ?? '';
  const ask = questions[type];
  if (ask === undefined) {
    void tap({ button: place });
    return;
  }
  askFor({
    title: { en: button.name, zh: button.name },
    action: { en: 'Continue', zh: '继续' },
    fields: ask.fields,
    submit: (values) => void tap({ button: place, ...ask.read(values) }),
  });
}

interface TapQuestion {
  readonly fields: readonly Field[];
  readonly read: (values: Values) => object;
}

const scanQuestion: TapQuestion = {
  fields: [
    {
      name: 'scan_result',
      label: { en: 'Content of the scanned code', zh: '扫码得到的内容' },
      value: 'https://example.com/code/1',
      required: true,
    },
    {
      name: 'scan_type',
      label: { en: 'Type of code', zh: '码的类型' },
      kind: 'select',
      value: 'qrcode',
      options: [
        { value: 'qrcode', label: { en: 'QR code', zh: '二维码' } },
        { value: 'barcode', label: { en: 'Bar code', zh: '一维码' } },
      ],
    },
  ],
  read: (values) => values,
};

const pictureQuestion: TapQuestion = {
  fields: [
    {
      name: 'pictures',
      label: { en: 'Number of pictures', zh: '图片数量' },
      kind: 'number',
      value: '1',
      min: 1,
      max: 9,
      required: true,
    },
  ],
  read: ({ pictures }) => ({ pictures: Number(pictures) }),
};

const questions: Readonly<Record<string, TapQuestion | undefined>> = {
  scancode_push: scanQuestion,
  scancode_waitmsg: scanQuestion,
  pic_photo_or_album: pictureQuestion,
  pic_weixin: pictureQuestion,
  location_select: { fields: placeFields, read: (values) => ({ location: readPlace(values) }) },
};

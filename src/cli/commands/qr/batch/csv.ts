/** The table of a batch of QR codes: text to cells, each line with its number. */
import { CsvError, parse } from 'csv-parse/sync';
import type { WechatMpError } from '../../../../core/errors.ts';
import { excerpt } from '../../../../core/text/sanitise.ts';
import type { Text } from '../../../../core/text/text.ts';
import { closestTo } from '../../../frame/suggest.ts';
import { csvMistakes, headerHint, tableError } from './texts.ts';

export const columns = ['scene', 'name', 'expire', 'permanent'] as const;
type Column = (typeof columns)[number];

export interface TableRow {
  /** Of the file, the header is 1. For a cell with line breaks it is the last one. */
  readonly line: number;
  readonly cells: Readonly<Record<Column, string>>;
  /** Cells in this line; another number than in the header is a mistake. */
  readonly count: number;
}

export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
}

/** Throws an input error for a text that is no table, or whose header is not ours. Rows are not judged here. */
export function parseTable(text: string, file: string): Table {
  const [first, ...records] = readRecords(text, file);
  if (first === undefined)
    throw tableError(file, 'csv_empty', { en: 'it is empty', zh: '内容为空' }, headerHint);
  const header = first.record.map((name) => name.toLowerCase());
  checkHeader(header, file);
  const rows = records.map(({ record, line }) => ({
    line,
    cells: toCells(header, record),
    count: record.length,
  }));
  return { header, rows };
}

interface LinedRecord {
  readonly record: readonly string[];
  readonly line: number;
}

/** Blanks round a cell go; those inside quotes stay. Lines of nothing are left out. */
function readRecords(text: string, file: string): readonly LinedRecord[] {
  try {
    const found = parse(text, {
      bom: true,
      trim: true,
      info: true,
      relax_column_count: true,
      skip_records_with_empty_values: true,
    }) as unknown as { readonly record: string[]; readonly info: { readonly lines: number } }[];
    return found.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { readonly lines?: number };
    const what = csvMistakes[error.code] ?? { en: 'it is not CSV', zh: '不是 CSV' };
    throw tableError(file, 'csv_invalid', atLine(what, lines), {
      en: 'Put a cell with quotes or commas into double quotes, and write a quote inside twice: "a ""b"""',
      zh: '含引号或逗号的单元格请用双引号括起，其中的引号写两遍："a ""b"""',
    });
  }
}

function atLine(what: Text, line: number | undefined): Text {
  if (line === undefined) return what;
  return { en: `${what.en} at line ${line}`, zh: `第 ${line} 行${what.zh}` };
}

function toCells(header: readonly string[], record: readonly string[]): TableRow['cells'] {
  const cells = { scene: '', name: '', expire: '', permanent: '' };
  for (const [index, name] of header.entries()) cells[name as Column] = record[index] ?? '';
  return cells;
}

function checkHeader(header: readonly string[], file: string): void {
  const [only = ''] = header;
  const separator = /[;\t|]/.exec(only)?.[0];
  if (header.length === 1 && separator !== undefined) {
    const shown = separator === '\t' ? 'TAB' : separator;
    throw tableError(
      file,
      'csv_separator',
      { en: `its cells are separated by "${shown}"`, zh: `单元格以“${shown}”分隔` },
      { en: 'Save it as CSV with commas', zh: '请另存为以逗号分隔的 CSV' },
    );
  }
  const unknown = header.find((name) => !columns.includes(name as Column));
  if (unknown !== undefined) throw unknownColumn(unknown, file);
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) {
    const text = { en: `the column "${twice}" is there twice`, zh: `列“${twice}”重复` };
    throw tableError(file, 'csv_column_twice', text, headerHint);
  }
  if (!header.includes('scene')) {
    const text = { en: 'the column "scene" is missing', zh: '缺少“scene”列' };
    throw tableError(file, 'csv_column_missing', text, headerHint);
  }
}

function unknownColumn(name: string, file: string): WechatMpError {
  const meant = closestTo(name, columns);
  const shown = excerpt(name, 40);
  return tableError(
    file,
    'csv_column_unknown',
    { en: `the column "${shown}" is unknown`, zh: `不认识列“${shown}”` },
    meant === undefined ? headerHint : { en: `Did you mean "${meant}"?`, zh: `是否想写“${meant}”？` },
  );
}

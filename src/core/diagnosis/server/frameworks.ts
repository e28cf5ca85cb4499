/** The frameworks that can be told by their own errors, and the lines that let WeChat's messages through. */
import type { ProbeCause } from './handshake-answer.ts';

export interface FrameworkAdvice {
  readonly framework: string;
  /** Code for people to copy; never translated. */
  readonly lines: readonly string[];
}

/** What there is to do. `consumed`: something has read the body already. */
type Remedy = 'body' | 'consumed' | 'csrf' | 'limit' | 'upstream';

interface Framework {
  readonly name: string;
  readonly isOf: (answer: { readonly headers: string; readonly body: string }) => boolean;
  /** The lines for the path of the URL in the console. */
  readonly remedies: Readonly<Partial<Record<Remedy, (path: string) => readonly string[]>>>;
}

const maxBytes = 64 * 1024;

/** The lines for the framework that gave this answer; `undefined` where none is recognised or there is nothing to say. */
export function adviseFramework(
  answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
  },
  {
    cause,
    url,
    consumed = false,
  }: { readonly cause: ProbeCause; readonly url: string; readonly consumed?: boolean },
): FrameworkAdvice | undefined {
  const remedy = consumed ? 'consumed' : remedies[cause];
  // A path that is not there, or a conflict, says nothing about bodies.
  if (remedy === undefined || (cause === 'status' && answer.status < 500)) return undefined;
  const told = {
    headers: Object.entries(answer.headers)
      .map(([name, text]) => `${name}: ${text}\n`)
      .join(''),
    body: Buffer.from(answer.body).toString('utf8', 0, maxBytes),
  };
  const found = frameworks.find(({ isOf, remedies: all }) => all[remedy] !== undefined && isOf(told));
  const lines = found?.remedies[remedy]?.(new URL(url).pathname);
  return found === undefined || lines === undefined ? undefined : { framework: found.name, lines };
}

const remedies: Readonly<Partial<Record<ProbeCause, Remedy>>> = {
  body_parser: 'body',
  status: 'body',
  html: 'body',
  wrapped: 'body',
  empty: 'body',
  other: 'body',
  csrf: 'csrf',
  forbidden: 'csrf',
  body_limit: 'limit',
  upstream_unreachable: 'upstream',
  upstream_timeout: 'upstream',
};

/** The special ones first: Laravel is PHP as well, and Egg.js is Koa. */
const frameworks: readonly Framework[] = [
  {
    name: 'Fastify',
    isOf: ({ body }) => /"code":"FST_/.test(body),
    remedies: {
      body: () => [
        "fastify.addContentTypeParser(['text/xml', 'application/xml'],",
        "  { parseAs: 'string' }, (request, body, done) => done(null, body));",
      ],
      limit: () => ['const fastify = Fastify({ bodyLimit: 1048576 });'],
    },
  },
  {
    name: 'Express',
    isOf: ({ headers }) => /^x-powered-by: Express$/im.test(headers),
    remedies: {
      body: (path) => [
        '// before express.json() and every other body parser',
        `app.use('${path}', express.text({ type: '*/*' }));`,
      ],
      consumed: () => ['// the route of WeChat before app.use(express.text())'],
      csrf: () => ['// the route of WeChat before app.use(csrf())'],
      limit: (path) => [`app.use('${path}', express.text({ type: '*/*', limit: '1mb' }));`],
    },
  },
  {
    name: 'Egg.js',
    isOf: ({ body }) => /(?:missing|invalid) csrf token/.test(body),
    remedies: { csrf: (path) => [`config.security = { csrf: { ignore: '${path}' } };`] },
  },
  {
    name: 'Koa',
    isOf: isKoa,
    remedies: {
      body: () => [
        '// koa-body leaves XML as text: parse it yourself',
        'const { xml } = await xml2js.parseStringPromise(ctx.request.body);',
      ],
      consumed: () => ['// the route of WeChat before app.use(koaBody())'],
    },
  },
  {
    name: 'FastAPI',
    isOf: ({ body }) => /^\{"detail":\[\{.*"loc":\[/s.test(body),
    remedies: { body: () => ['async def wechat(request: Request):', '    xml = await request.body()'] },
  },
  {
    name: 'Django',
    isOf: ({ body }) => /CSRF verification failed|Django|csrfmiddlewaretoken/.test(body),
    remedies: {
      body: () => ['xml = request.body  # not request.POST'],
      csrf: () => [
        'from django.views.decorators.csrf import csrf_exempt',
        '@csrf_exempt  # on the view of WeChat',
      ],
    },
  },
  {
    name: 'Flask',
    isOf: ({ headers, body }) =>
      /^server: Werkzeug/im.test(headers) ||
      /\(or proxy\) sent a request that this server could not understand|The CSRF (?:session )?token is missing/.test(
        body,
      ),
    remedies: {
      body: () => ['xml = request.get_data()  # not request.form, not request.json'],
      csrf: () => ['@csrf.exempt  # of Flask-WTF, on the view of WeChat'],
      limit: () => ["app.config['MAX_CONTENT_LENGTH'] = 1024 * 1024"],
    },
  },
  {
    name: 'Laravel',
    isOf: ({ headers, body }) =>
      /laravel_session|XSRF-TOKEN=/.test(headers) ||
      /Page Expired|CSRF token mismatch|Illuminate\\/.test(body),
    remedies: {
      body: () => ['$xml = $request->getContent();'],
      csrf: (path) => [
        '// bootstrap/app.php',
        `$middleware->validateCsrfTokens(except: ['${path.slice(1)}']);`,
        '// up to Laravel 10: app/Http/Middleware/VerifyCsrfToken.php',
        `protected $except = ['${path.slice(1)}'];`,
      ],
    },
  },
  {
    name: 'Rails',
    isOf: ({ headers, body }) =>
      /^x-runtime: /im.test(headers) || /ActionController|change you wanted was rejected/.test(body),
    remedies: {
      body: () => ['xml = request.raw_post'],
      csrf: () => ['skip_forgery_protection  # in the controller of WeChat'],
    },
  },
  {
    name: 'Spring',
    isOf: ({ body }) =>
      /^\{"timestamp":.*"status":\d+,"error":/s.test(body) || body.includes('Whitelabel Error Page'),
    remedies: {
      body: (path) => [`@PostMapping("${path}")`, 'public String receive(@RequestBody String xml) {'],
      csrf: (path) => [`http.csrf(csrf -> csrf.ignoringRequestMatchers("${path}"));`],
    },
  },
  {
    name: 'ASP.NET Core',
    isOf: ({ headers, body }) =>
      /^server: Kestrel/im.test(headers) || /^\{"type":"https:\/\/tools\.ietf\.org\/.*"traceId":/s.test(body),
    remedies: {
      body: () => ['var xml = await new StreamReader(Request.Body).ReadToEndAsync();'],
      csrf: () => ['[IgnoreAntiforgeryToken]  // on the action of WeChat'],
    },
  },
  {
    name: 'PHP',
    isOf: ({ headers, body }) =>
      /^x-powered-by: .*PHP/im.test(headers) ||
      /HTTP_RAW_POST_DATA|ThinkPHP|<b>(?:Notice|Warning|Deprecated|Fatal error|Parse error)<\/b>:/.test(body),
    remedies: { body: () => ["$xml = file_get_contents('php://input'); // not $HTTP_RAW_POST_DATA"] },
  },
  {
    name: 'nginx',
    isOf: ({ headers, body }) =>
      /^server: (?:nginx|openresty|Tengine)/im.test(headers) || /<center>(?:nginx|openresty)/.test(body),
    remedies: {
      limit: () => ['client_max_body_size 1m;'],
      upstream: () => ['proxy_pass http://127.0.0.1:3000;  # where your server listens'],
    },
  },
];

/** Koa answers an error with nothing but its name, and Node's own server tells itself by its `keep-alive`. */
function isKoa({ headers, body }: { readonly headers: string; readonly body: string }): boolean {
  if (body.includes('invalid JSON, only supports object and array')) return true;
  const isNode =
    /^keep-alive: timeout=\d/im.test(headers) &&
    !/^(?:server|x-powered-by|x-content-type-options):/im.test(headers);
  return (
    isNode &&
    /^content-type: text\/plain; charset=utf-8$/im.test(headers) &&
    /^[A-Z][A-Za-z ]{3,30}$/.test(body)
  );
}

// `node bench-peers.cjs <name> <account as JSON> <ready file>`: the servers that `serve` is compared with. They answer
// handshakes, and text messages with the text that came.
const http = require('node:http');
const querystring = require('node:querystring');
const fs = require('node:fs');

const [name, accountText, readyFile] = process.argv.slice(2);
const account = JSON.parse(accountText);

const peers = {
  /** Reads what comes, answers one fixed text, and does nothing else. */
  bare: () => (request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 19 });
      response.end('4375120948345356249');
    });
  },
  /** As its README shows, with what `connect.query()` was before connect 3. */
  wechat: () => {
    const app = require('connect')();
    app.use((request, _response, next) => {
      request.query = querystring.parse(request.url.slice(request.url.indexOf('?') + 1));
      next();
    });
    app.use(
      '/wechat',
      require('wechat')(account, (request, response) => response.reply(request.weixin.Content)),
    );
    return app;
  },
  'co-wechat': () => {
    const [Koa, CoWechat] = [require('koa'), require('co-wechat')];
    const app = new Koa();
    app.use(new CoWechat(account).middleware(async (message) => message.Content));
    return app.callback();
  },
};

const server = http.createServer(peers[name]());
server.listen(0, '127.0.0.1', () => {
  fs.writeFileSync(`${readyFile}.new`, JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` }));
  fs.renameSync(`${readyFile}.new`, readyFile);
});

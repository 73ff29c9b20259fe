// Single-page app: hash routes into #app, the chat into #dock.
const hotline = document.body.dataset.hotline;
const trace = (label) => navigator.sendBeacon('/api/trace', JSON.stringify({ k: 'press', w: label, at: Date.now() }));
const tag = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value); else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
};
const articles = [
  ['预约后多久上门', '一般两小时内会有服务人员确认时间。'],
  ['保洁范围与工具', '自带工具,不含高空擦窗。'],
  ['搬家费用构成', '起步价含三公里,超出按公里计。'],
  ['损坏物品如何赔付', '平台先行垫付,最高两千元。'],
];
const link = (href, text) => tag('a', { href, onclick: () => trace(text) }, text);
const pages = {
  help: () => tag('article', {}, tag('h2', {}, '使用指南'), tag('ul', {}, ...articles.map((a, i) => tag('li', {}, link('#/a/' + i, a[0]))))),
  contact: () => tag('article', {}, tag('h2', {}, '联系我们'),
    tag('p', {}, `客服热线:${hotline}(全天语音自助)`),
    tag('p', {}, '热线不设人工坐席。如需人工,请回到网页右侧的对话窗口咨询。'),
    tag('p', {}, '公司地址:练习省示例市麦浪路 3 号')),
  a: (n) => tag('article', {}, tag('h2', {}, articles[n][0]), tag('p', {}, articles[n][1]), link('#/help', '返回指南')),
};
function draw() {
  const [, name = 'help', n] = location.hash.split('/');
  const page = (pages[name] || pages.help)(Number(n) || 0);
  document.getElementById('app').replaceChildren(
    tag('header', {}, tag('b', {}, '麦芽到家'), link('#/help/1', '保洁'), link('#/help/2', '搬家'), link('#/help/3', '维修')),
    page,
    tag('footer', {}, link('#/help/join', '服务人员入驻'), name === 'contact' ? tag('span', {}, '联系我们') : link('#/contact', '联系我们'), link('#/help/terms', '用户协议')),
  );
}
addEventListener('hashchange', draw);
draw();

const conversation = Math.random().toString(36).slice(2, 10);
let since = 0;
const dock = document.getElementById('dock');
const launcher = tag('button', { class: 'launch', onclick: open }, '在线客服');
dock.append(launcher);
function open() {
  trace('在线客服');
  const log = tag('div', { class: 'log', role: 'log' });
  const dots = tag('div', { class: 'dots', hidden: '' }, '芽芽正在输入');
  const input = tag('input', { placeholder: '写点什么…', 'aria-label': '写点什么' });
  const form = tag('form', { onsubmit: (event) => {
    event.preventDefault();
    const text = input.value.trim();
    input.value = '';
    if (text) fetch('/api/chat/' + conversation, { method: 'POST', body: JSON.stringify({ text, at: Date.now() }) });
  } }, input, tag('button', {}, '发送'));
  dock.replaceChildren(tag('section', { class: 'chat', 'aria-label': '在线客服' }, tag('h4', {}, '芽芽 · 机器人客服'), log, dots, form));
  const poll = async () => {
    for (const item of await fetch(`/api/chat/${conversation}?since=${since}`).then((r) => r.json()).catch(() => [])) {
      since = item.n;
      if (item.kind === 'state') { dots.hidden = !item.typing; continue; }
      log.append(tag('div', { class: 'b ' + item.from_ }, tag('span', {}, item.text), tag('time', {}, new Date().toLocaleTimeString('zh-CN').slice(0, 5))));
      log.scrollTop = log.scrollHeight;
    }
    setTimeout(poll, 400);
  };
  poll();
}

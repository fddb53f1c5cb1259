// The page's own script, as text: it draws every chart from the data in the page and answers the keyboard. It runs in a
// browser, so it is not part of what TypeScript checks; test/browser runs it in one. It writes text only as text nodes.

export const BOOTSTRAP = `
(function () {
  'use strict';
  var specs = JSON.parse(document.getElementById('charts').textContent);
  var live = document.getElementById('live');
  var charts = [];

  function tip(params) {
    var one = Array.isArray(params) ? params.filter(function (p) { return p.data && p.data.tip; })[0] : params;
    if (!one || !one.data || !one.data.tip) return '';
    var box = document.createElement('div');
    box.className = 'tip';
    var title = box.appendChild(document.createElement('h4'));
    title.textContent = one.data.tip.title;
    var table = box.appendChild(document.createElement('table'));
    one.data.tip.rows.forEach(function (row) {
      var line = table.insertRow();
      row.forEach(function (text) { line.insertCell().textContent = text; });
    });
    return box;
  }

  function lookup(pairs) {
    var numeric = typeof pairs[0][0] === 'number';
    return function (value) {
      var key = value !== null && typeof value === 'object' ? value.value : value;
      for (var i = 0; i < pairs.length; i++) {
        if (numeric ? Math.abs(pairs[i][0] - key) < 1e-4 * Math.max(1e-3, Math.abs(key)) : pairs[i][0] === key) return pairs[i][1];
      }
      return '';
    };
  }

  function put(option, hook) {
    var helper = hook.helper === 'tip' ? tip : lookup(hook.args);
    var place = option;
    hook.path.slice(0, -1).forEach(function (key) { place = place[key]; });
    place[hook.path[hook.path.length - 1]] = helper;
  }

  function draw(box) {
    var spec = specs[Number(box.dataset.chart)];
    spec.hooks.forEach(function (hook) { put(spec.option, hook); });
    var chart = echarts.init(box, null, { renderer: 'svg' });
    chart.setOption(spec.option);
    charts.push(chart);
    frame(chart);
    if (spec.walk !== null) walk(box, chart, spec.option.series[spec.walk].data, spec.walk);
    box.addEventListener('keydown', function (event) {
      if (event.key !== 't' && event.key !== 'T') return;
      var details = box.parentElement.querySelector('details');
      details.open = !details.open;
    });
  }

  function walk(box, chart, items, series) {
    var at = -1;
    var steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    box.addEventListener('keydown', function (event) {
      if (event.key === 'Escape') chart.dispatchAction({ type: 'hideTip' });
      if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      var by = steps[event.key] * (event.shiftKey ? 10 : 1);
      at = Math.max(0, Math.min(items.length - 1, at + by));
      chart.dispatchAction({ type: 'showTip', seriesIndex: series, dataIndex: at });
      var shown = items[at] && items[at].tip;
      if (shown) live.textContent = shown.title + ': ' + shown.rows.map(function (r) { return r[0] + ' ' + r[1]; }).join(', ');
    });
    box.addEventListener('blur', function () { chart.dispatchAction({ type: 'hideTip' }); });
  }

  // Paper has another width than the window the charts were drawn for: with a view box they shrink as a picture.
  function frame(chart) {
    var svg = chart.getDom().querySelector('svg');
    svg.setAttribute('viewBox', '0 0 ' + chart.getWidth() + ' ' + chart.getHeight());
  }

  function resize() {
    charts.forEach(function (chart) { chart.resize(); frame(chart); });
  }

  function theme() {
    var button = document.getElementById('theme');
    var root = document.documentElement;
    var system = matchMedia('(prefers-color-scheme: dark)');
    function isDark() { return root.dataset.theme ? root.dataset.theme === 'dark' : system.matches; }
    function name() {
      button.textContent = isDark() ? 'Light' : 'Dark';
      if (parent !== window) parent.postMessage({ foresend: 'theme', theme: isDark() ? 'dark' : 'light' }, '*');
    }
    button.hidden = false;
    button.addEventListener('click', function () { root.dataset.theme = isDark() ? 'light' : 'dark'; name(); });
    system.addEventListener('change', name);
    name();
  }

  function start() {
    document.querySelectorAll('.plot').forEach(draw);
    addEventListener('resize', resize);
    document.documentElement.dataset.drawn = String(charts.length);
  }

  if (parent !== window) document.documentElement.dataset.framed = '';
  theme();
  document.fonts.load('400 11px "Inter Variable"').then(function () { return document.fonts.ready; }).then(start, start);
})();
`.trim();

// The look of a page: ink and paper, colour for data only, one left column of titles and one right column of figures.
// Print is always light and unfolds every table.

const LIGHT = `--bg:#F5F6F7;--surface:#FFFFFF;--sunk:#EEF0F2;--line:#E1E4E8;--line-strong:#C3C9D0;--ink:#16191D;
--ink-2:#47505A;--ink-3:#5F6974;--field:#808994;--because:#1E5FC2;--anyway:#7B8794;--holdout:#986500;
--suppressed:#B4503A;--error:#B42318;--inverse:#FFFFFF;color-scheme:light;`;

const DARK = `--bg:#0E1114;--surface:#15181C;--sunk:#1D2126;--line:#272C33;--line-strong:#414953;--ink:#ECEEF1;
--ink-2:#B6BDC6;--ink-3:#939CA7;--field:#6B7580;--because:#6EA5F8;--anyway:#8792A0;--holdout:#D9A441;
--suppressed:#E0836A;--error:#FF8A7A;--inverse:#0E1114;color-scheme:dark;`;

export const STYLE = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${DARK}}}
:root[data-theme=dark]{${DARK}}
*{box-sizing:border-box;margin:0}
body{font:400 13px/19px "Inter Variable",Inter,system-ui,sans-serif;color:var(--ink);background:var(--surface);
-webkit-font-smoothing:antialiased;text-rendering:optimizeLegibility}
.page{max-width:1128px;margin:0 auto;padding:0 24px}
.top{display:flex;align-items:center;gap:10px;height:44px;border-bottom:1px solid var(--line);font-size:12px;color:var(--ink-3)}
.top b{font-size:13px;font-weight:650;letter-spacing:-.01em;color:var(--ink)}
.top svg{flex:none}[data-framed] .top svg,[data-framed] .top b{display:none}.top .sp{margin-left:auto}
.top button{font-family:inherit;font-size:12px;line-height:16px;font-weight:550;height:28px;padding:0 11px;border-radius:6px;
border:1px solid var(--line-strong);background:var(--surface);color:var(--ink);cursor:pointer}
.lead{padding:28px 0 28px}
.eyebrow{font-size:12px;line-height:16px;color:var(--ink-3);margin-bottom:6px}.eyebrow b{color:var(--ink-2);font-weight:600}
h1{font-size:24px;line-height:31px;font-weight:600;letter-spacing:-.02em;text-wrap:balance;max-width:1040px}
.lead p:not(.eyebrow){font-size:14px;line-height:22px;color:var(--ink-2);max-width:760px;margin-top:10px;text-wrap:pretty}
.keys{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;border:1px solid var(--line);border-radius:8px;margin-top:20px}
.keys>div{padding:10px 16px 12px;border-left:1px solid var(--line);min-width:0}.keys>div:first-child{border-left:0}
.keys dt{font-size:11px;line-height:15px;color:var(--ink-3)}
.keys .v{font-size:24px;line-height:32px;font-weight:600;letter-spacing:-.02em}
.keys .v.because{color:var(--because)}.keys .v.holdout{color:var(--holdout)}
.keys .n{font-size:12px;line-height:16px;color:var(--ink-2)}
.kind:before{content:"\\00b7\\00a0"}
section{display:grid;grid-template-columns:196px minmax(0,1fr);column-gap:28px;padding:24px 0 28px;border-top:1px solid var(--line)}
section header p{margin-top:6px}
h2{font-size:13px;line-height:18px;font-weight:600}
h3{font-size:12px;line-height:16px;font-weight:600}
.hint{text-wrap:pretty;font-size:12px;line-height:17px;color:var(--ink-3);padding-right:8px}
.finding{font-size:17px;line-height:24px;font-weight:600;letter-spacing:-.01em;text-wrap:balance;max-width:760px}
.body>*+*{margin-top:14px}
.prose{color:var(--ink-2);max-width:700px;text-wrap:pretty}.prose b{color:var(--ink);font-weight:600}
ul.prose{padding-left:16px}ul.prose li+li{margin-top:6px}ul.prose li::marker{color:var(--ink-3)}
.note{font-size:12px;line-height:17px;color:var(--ink-3);max-width:700px;text-wrap:pretty}
.q{color:var(--ink-3);font-weight:400}.absent{color:var(--ink-3)}
.pj{border-bottom:1px dashed var(--field)}
code{font-family:ui-monospace,"SF Mono","Cascadia Mono","DejaVu Sans Mono",monospace;font-size:11px;overflow-wrap:anywhere}
.chip{display:inline-flex;font-size:11px;line-height:14px;padding:1px 6px;border-radius:4px;border:1px solid var(--line-strong);color:var(--ink-2)}
.chip.projected{border-style:dashed;border-color:var(--field)}
.chip.measured{background:var(--ink);border-color:var(--ink);color:var(--inverse)}
.sw{width:9px;height:9px;border-radius:2px;display:inline-block;margin-right:6px}
.sw.because,i.because{background:var(--because)}.sw.anyway,i.anyway{background:var(--anyway)}
.sw.holdout,i.holdout{background:var(--holdout)}i.ink{background:var(--ink-2)}
.sw.suppressed,i.suppressed{background:repeating-linear-gradient(45deg,var(--suppressed) 0 1.5px,transparent 1.5px 4px);box-shadow:inset 0 0 0 1px var(--suppressed)}
i.loss.ink{background:repeating-linear-gradient(45deg,var(--line-strong) 0 1.5px,transparent 1.5px 4px);box-shadow:inset 0 0 0 1px var(--line-strong)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:12px;line-height:16px}
table.few{max-width:640px}
th{font-weight:450;font-size:11px;line-height:15px;color:var(--ink-3);text-align:left;vertical-align:bottom;padding:0 0 5px 14px;border-bottom:1px solid var(--line)}
td{padding:5px 0 5px 14px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:break-word}
th.r,td.r{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
th:first-child,td:first-child{padding-left:0;min-width:112px}tbody tr:last-child td{border-bottom:0}
table:not(.ledger) tr.total td{font-weight:600;border-top:1px solid var(--line-strong)}
tr.marked td:first-child{box-shadow:inset 2px 0 0 var(--ink);padding-left:8px}tr.marked td{background:var(--bg)}
td b{font-weight:600}
.ledger th{font-size:12px;line-height:16px;color:var(--ink-2);padding:4px 0;width:190px;vertical-align:middle;border:0;font-weight:400}
.ledger td{border:0;padding:4px 0 4px 14px;vertical-align:middle}
.ledger td.r{width:70px}.ledger .total th,.ledger .total td.r{color:var(--ink);font-weight:600}
.ledger .total:not(:first-child) th,.ledger .total:not(:first-child) td{border-top:1px solid var(--line)}
.ledger .loss th{padding-left:14px}.ledger .loss td.r{color:var(--ink-2)}
.ledger .bar span{display:block;position:relative;height:16px;min-width:220px}
.ledger .bar i{position:absolute;top:0;bottom:0;border-radius:1px}
.ledger .loss .bar i{top:3px;bottom:3px}
.ledger .why{width:190px;font-size:11px;line-height:14px}
.chart{border:1px solid var(--line);border-radius:8px;padding:12px 16px 10px}
figcaption{font-weight:600;font-size:12px;line-height:16px;margin-bottom:8px}
.plot{width:100%;border-radius:4px}
.plot svg text{font-variant-numeric:tabular-nums}
details{margin-top:6px;font-size:12px}
summary{cursor:pointer;color:var(--ink-3);font-size:11px;line-height:20px;width:max-content;border-radius:3px}
summary:hover{color:var(--ink)}
details .scroll{margin-top:8px}
.tip h4{font-size:11px;line-height:15px;font-weight:600;color:var(--ink)}
.tip table{width:auto;font-size:11px;line-height:15px}.tip td{border:0;padding:2px 0 0 14px;color:var(--ink)}
.tip td:first-child{color:var(--ink-3);padding-left:0}.tip td+td{text-align:right}
.shares .stack{display:flex;height:8px;margin:8px 0 6px;gap:1px}
.shares .stack i{min-width:1px}.p0{background:var(--because)}.p1{background:var(--ink-2)}.p2{background:var(--line-strong)}
.shares dl>div{display:grid;grid-template-columns:210px 66px 1fr;gap:0 14px;font-size:12px;line-height:16px;padding:4px 0}
.shares dd{text-align:right;font-weight:550;font-variant-numeric:tabular-nums}.shares dd.n{text-align:left;font-weight:400;color:var(--ink-3)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(170px,1fr));gap:14px 28px}
.facts dt{font-size:11px;line-height:15px;color:var(--ink-3)}.facts dd{font-size:17px;line-height:22px;font-weight:600;letter-spacing:-.01em}
.facts dd{display:flex;flex-wrap:wrap;gap:0 6px;align-items:baseline}.facts .q{font-size:12px;line-height:16px;letter-spacing:0}
.commands>div{padding:6px 0;border-bottom:1px solid var(--line)}.commands>div:last-child{border:0}
.commands dt{font-size:11px;line-height:15px;color:var(--ink-3)}.commands dd{color:var(--ink)}.commands code span{white-space:nowrap}
.stamp{border-top:1px solid var(--line);padding:14px 0 40px;font-size:11px;line-height:18px;color:var(--ink-3);display:flex;flex-wrap:wrap;gap:4px 20px}
.stamp code{color:var(--ink-2)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
@media (max-width:860px){section{grid-template-columns:minmax(0,1fr);row-gap:10px}
.keys{grid-auto-flow:row}.keys>div{border-left:0;border-top:1px solid var(--line)}.keys>div:first-child{border-top:0}
.ledger .why{display:none}.shares dl>div{grid-template-columns:1fr 66px}.shares dd.n{grid-column:1/-1}}
@media print{:root:not(#x){${LIGHT}}@page{margin:14mm}
.page{max-width:none;padding:0}.top button{display:none}
.lead{padding:14px 0}h1{font-size:20px;line-height:26px}.lead p:not(.eyebrow){font-size:12px;line-height:18px}#decision{break-after:page}#decision .chart{border:0;padding:0}#decision details{display:none}#decision td{font-size:12px;line-height:17px}section{break-inside:auto;grid-template-columns:minmax(0,1fr);row-gap:8px;padding:16px 0 18px}
section header{display:flex;flex-wrap:wrap;gap:2px 10px;align-items:baseline}section header p{margin-top:0}
.scroll{overflow:visible}table{font-size:11px}th.r{white-space:normal}td:not(:first-child),th:not(:first-child){padding-left:8px}
h2,h3,.finding,figcaption{break-after:avoid}tr,.chart .plot,.keys,.facts>div{break-inside:avoid}
details::details-content{content-visibility:visible;height:auto;display:block}
summary{list-style:none}.plot,.plot>div{width:100%!important;height:auto!important}
.plot svg{position:static!important;width:100%!important;height:auto!important}
.keys{grid-auto-flow:column}.keys>div{border-top:0;border-left:1px solid var(--line);padding:8px 10px}.keys>div:first-child{border-left:0}
.keys .v{font-size:20px;line-height:26px}.facts{grid-template-columns:repeat(3,1fr)}.tip{display:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`.trim();

export { applyRemedies } from './apply.ts';
export { checkedRemedies, type Remedied, type Remedy, remedyWords } from './remedy.ts';
export { repeatedRows } from './repeats.ts';

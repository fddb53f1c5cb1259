export { applyRemedies } from './apply.ts';
export { checkedRemedies, type Remedied, type Remedy, remedyAction, remedyWords } from './remedy.ts';
export { repeatedRows } from './repeats.ts';

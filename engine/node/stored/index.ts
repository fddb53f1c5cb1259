export {
  type Numbers,
  type NumbersType,
  PIECE,
  type Pieces,
  piecesOf,
  readFrom,
  type Sliced,
  Spill,
  SpilledColumn,
} from './spill.ts';
export { SpilledTexts } from './spilled-texts.ts';
export {
  inMemory,
  type StoredColumns,
  type StoredProperty,
  type StoredTimes,
  type StoredTrace,
  type StoredValues,
  spanOf,
  traceInMemory,
} from './stored.ts';
export { stringTableOf } from './texts.ts';

// The names under which preload script and main program talk.

export const CHANNELS = {
  connect: 'foresend:connect',
  line: 'foresend:line',
  lost: 'foresend:lost',
  addFile: 'foresend:add-file',
  forgetFile: 'foresend:forget-file',
  save: 'foresend:save',
  keepKey: 'foresend:keep-key',
} as const;

// What a page finds in the desktop window beside the line itself.

/** @typeParam F the page's own File */
export interface DesktopBridge<F> {
  /** Answered by a message of the page's window that carries a port: `LINE_MESSAGE`. */
  connect(): void;
  /** @returns a handle, null for what is no file on this computer's disk */
  addFile(file: F): Promise<string | null>;
  /** The handle is needed no more; the file itself is the user's and stays. */
  forgetFile(handle: string): void;
  /** @returns false where the user changed their mind */
  save(handle: string): Promise<boolean>;
  /** In the system's keychain. @param key null takes it away. @returns false where there is no keychain */
  keepKey(vendor: string, key: string | null): Promise<boolean>;
  onEngineLost(listener: (how: string) => void): void;
}

export const LINE_MESSAGE = 'foresend-line';

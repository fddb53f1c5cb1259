// To the clipboard; what it does not take is saved as a file.

/** @returns whether the clipboard took it; else it was saved as a file */
export async function copyOrSave(data: Blob | string, name: string): Promise<boolean> {
  try {
    if (typeof data === 'string') await navigator.clipboard.writeText(data);
    else await navigator.clipboard.write([new ClipboardItem({ [data.type]: data })]);
    return true;
  } catch {
    const address = URL.createObjectURL(typeof data === 'string' ? new Blob([data]) : data);
    const link = document.createElement('a');
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1_000);
    return false;
  }
}

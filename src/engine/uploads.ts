// Uploads on disk for as long as their transaction runs (SecTmpSaveUploadedFiles), so that rules can name them to
// programs: FILES_TMPNAMES.
//
// What cannot be written is an error of the engine: a rule that was to inspect it would see no file at all.

import { uploadName } from '../base/upload-name.ts';
import type { UploadFiles } from '../model/outside.ts';
import type { TransactionState } from './state.ts';

/** Writes the first SecUploadFileLimit files of the body. */
export function saveUploads(state: TransactionState, uploads: UploadFiles): void {
  const { body, settings, startedMs, id } = state;
  const { tmpDir: directory, uploadFileMode: mode, uploadFileLimit } = settings;
  try {
    body.files = body.files.map((file, at) => {
      if (at >= uploadFileLimit) return file;
      const name = uploadName(startedMs, id, at + 1);
      const path = uploads.write({ name, content: file.content, directory, mode });
      state.savedUploads.push(path);
      return { ...file, path };
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    state.fail('upload-not-saved', `an upload could not be written: ${why}`);
  }
}

export function removeUploads(state: TransactionState, uploads: UploadFiles): void {
  for (const path of state.savedUploads.splice(0)) uploads.remove(path);
}

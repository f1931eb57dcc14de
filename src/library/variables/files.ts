// Uploaded files of a multipart body.

import { uploadName } from '../../base/upload-name.ts';
import type { Pair } from '../../model/pair.ts';
import type { VariableDefinition } from '../../model/variable.ts';
import type { FileView, TransactionView } from '../../model/view.ts';
import { collection, scalar } from './define.ts';

// Coraza keys names by nothing, and sizes by the file's name.
const eachFile =
  (value: (file: FileView) => string, goKey: (file: FileView) => string = () => '') =>
  (view: TransactionView): readonly Pair[] => {
    const isGo = view.settings.behaviour.fileKeys === 'go';
    return view.body.files.map((file) => ({
      key: isGo ? goKey(file) : file.field,
      value: value(file),
    }));
  };

/**
 * Uploads by path. Where nobody writes them, or not yet, the path is what a kept file will be called, and only scripts can
 * open it. Nothing unless rules ask for files: as in ModSecurity v2, an @inspectFile does.
 */
export function temporaryFiles({
  settings,
  startedMs,
  id,
  body,
}: TransactionView): readonly Required<FileView>[] {
  const saved = body.files.filter(({ path }) => path !== undefined);
  if (saved.length > 0) return saved as readonly Required<FileView>[];
  const { uploadKeepFiles, tmpSaveUploadedFiles, uploadDir = '/tmp', behaviour } = settings;
  const isInspected = settings.inspectsUploads && behaviour.inspectedUploads === 'named';
  if (uploadKeepFiles === 'Off' && !tmpSaveUploadedFiles && !isInspected) return [];
  return body.files.slice(0, settings.uploadFileLimit).map((file, at) => ({
    ...file,
    path: `${uploadDir.replace(/\/$/, '')}/${uploadName(startedMs, id, at + 1)}`,
  }));
}

export const filesVariables: readonly VariableDefinition[] = [
  collection('FILES', 2, 'Client file names by form field.', (view) => view.body.fileNames),
  collection(
    'FILES_NAMES',
    2,
    'Form fields that carried a file.',
    eachFile((file) => file.field),
  ),
  collection(
    'FILES_SIZES',
    2,
    'File sizes in bytes by form field.',
    eachFile(
      (file) => String(file.size),
      (file) => file.filename,
    ),
  ),
  collection(
    'FILES_TMP_CONTENT',
    2,
    'File contents by form field.',
    eachFile((file) => file.content),
  ),
  collection('FILES_TMPNAMES', 2, 'Paths of uploads, by form field.', (view) =>
    temporaryFiles(view).map(({ field, path }) => ({ key: field, value: path })),
  ),
  scalar('FILES_COMBINED_SIZE', 2, 'Bytes of all files; empty without a multipart body.', (view) =>
    view.body.multipart === undefined
      ? view.settings.behaviour.filesSizeUnset
      : String(view.body.filesSize ?? view.body.files.reduce((sum, file) => sum + file.size, 0)),
  ),
];

// The report on a dataset of a workspace: the page for one decision, made of the ordinary questions.

import { openBackend } from '../api/backend.ts';
import { originOf } from '../origin.ts';
import { makeReportPage, type ReportAnswers, type ReportOptions, type ReportQuestion } from '../report-page.ts';
import { Workspace } from '../store/index.ts';

/**
 * @param question its dataset null: the only one
 * @throws UserError where there is no such workspace or dataset
 */
export async function reportOf(
  question: Omit<ReportQuestion, 'dataset'> & { readonly dataset: string | null },
  options: Omit<ReportOptions, 'origin' | 'synthetic' | 'stagesBefore'>,
): Promise<{ readonly html: string; readonly answers: ReportAnswers; readonly dataset: string }> {
  const api = openBackend(options.workspace);
  // Says what is missing where there is no workspace.
  await api.datasets();
  const workspace = Workspace.open(options.workspace, { readonly: true });
  let info: ReturnType<Workspace['datasetInfo']>;
  try {
    info = workspace.datasetInfo(workspace.resolveDataset(question.dataset ?? undefined));
  } finally {
    workspace.close();
  }
  const { name, sources, about } = info;
  const page = await makeReportPage(
    api,
    { ...question, dataset: name },
    { ...options, synthetic: about !== undefined, origin: originOf(name, sources, options.workspace) },
  );
  return { ...page, dataset: name };
}

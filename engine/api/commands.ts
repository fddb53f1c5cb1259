// What the command line and the window ask alike.

import type { ImportReport } from '../events/index.ts';
import type { CallOptions, DatasetInfo, DatasetRequest, WorkflowRequest } from './calls.ts';
import type {
  BacktestAnswer,
  BacktestRequest,
  CalibrateAnswer,
  CompareAnswer,
  ComparePeopleAnswer,
  ComparePeopleRequest,
  CompareRequest,
  LaunchAnswer,
  LaunchRequest,
  ProjectAnswer,
  ProjectRequest,
  ReplayAnswer,
  ReplayRequest,
  RuleCostsAnswer,
  RuleCostsRequest,
  SweepAnswer,
  SweepRequest,
  TrafficAnswer,
} from './forecast.ts';
import type {
  DescribeAnswer,
  DescribeRequest,
  ImportRequest,
  RemedyRequest,
  SynthAnswer,
  SynthRequest,
} from './history.ts';
import type {
  CrowdingAnswer,
  CrowdingRequest,
  ExplainAnswer,
  ExplainRequest,
  GalleryAnswer,
  PeopleListAnswer,
  PeopleListRequest,
} from './people.ts';
import type {
  ProgrammeAnswer,
  ProgrammeCostsAnswer,
  ProgrammeCostsRequest,
  ProgrammeExplainAnswer,
  ProgrammeExplainRequest,
  ProgrammeGalleryAnswer,
  ProgrammePeopleRequest,
  ProgrammeReplayRequest,
  ProgrammeRequest,
} from './programme.ts';
import type {
  ActiveHoursAnswer,
  ActiveHoursRequest,
  MomentsAnswer,
  PersonalizeAnswer,
  SegmentsAnswer,
  SegmentsRequest,
  SendTimesAnswer,
  SendTimesRequest,
} from './understand.ts';

export interface Api {
  datasets(): Promise<readonly DatasetInfo[]>;
  importFiles(request: ImportRequest, options?: CallOptions): Promise<ImportReport>;
  synth(request: SynthRequest, options?: CallOptions): Promise<SynthAnswer>;
  describe(request: DescribeRequest, options?: CallOptions): Promise<DescribeAnswer>;
  /**
   * Repairs what a finding is about: from then on every figure is of the dataset without the fault. What was imported
   * stays as it is. @throws UserError `NO_REMEDY` where there is no such finding, or nothing that mends it here
   */
  applyRemedy(request: RemedyRequest): Promise<DatasetInfo>;
  /** @throws UserError `NO_REMEDY` where that one is not applied */
  takeBackRemedy(request: RemedyRequest): Promise<DatasetInfo>;
  calibrate(request: WorkflowRequest, options?: CallOptions): Promise<CalibrateAnswer>;
  replay(request: ReplayRequest, options?: CallOptions): Promise<ReplayAnswer>;
  sweep(request: SweepRequest, options?: CallOptions): Promise<SweepAnswer>;
  project(request: ProjectRequest, options?: CallOptions): Promise<ProjectAnswer>;
  /** What each rule keeps out, and what that costs: the workflow once more without it. */
  ruleCosts(request: RuleCostsRequest, options?: CallOptions): Promise<RuleCostsAnswer>;
  /** How tightly emails come to one person without one of the workflow's caps: what a cap is set by. */
  crowding(request: CrowdingRequest, options?: CallOptions): Promise<CrowdingAnswer>;
  /** The same of what the workflows of a programme share: the programme once more without it. */
  programmeCosts(request: ProgrammeCostsRequest, options?: CallOptions): Promise<ProgrammeCostsAnswer>;
  traffic(request: WorkflowRequest, options?: CallOptions): Promise<TrafficAnswer>;
  /** Versions side by side, on common random numbers. */
  compare(request: CompareRequest, options?: CallOptions): Promise<CompareAnswer>;
  /** Whom the second version gains and loses against the first, a page of them. */
  comparePeople(request: ComparePeopleRequest, options?: CallOptions): Promise<ComparePeopleAnswer>;
  gallery(request: WorkflowRequest, options?: CallOptions): Promise<GalleryAnswer>;
  listPeople(request: PeopleListRequest, options?: CallOptions): Promise<PeopleListAnswer>;
  launch(request: LaunchRequest, options?: CallOptions): Promise<LaunchAnswer>;
  /** What was foretold from before a moment, against what followed. */
  backtest(request: BacktestRequest, options?: CallOptions): Promise<BacktestAnswer>;
  moments(request: DatasetRequest, options?: CallOptions): Promise<MomentsAnswer>;
  segments(request: SegmentsRequest, options?: CallOptions): Promise<SegmentsAnswer>;
  /** Fill of every property at each email, subject lines, previews. @throws UserError `NO_TABLE`, `BAD_TABLE` */
  personalize(request: WorkflowRequest, options?: CallOptions): Promise<PersonalizeAnswer>;
  activeHours(request: ActiveHoursRequest, options?: CallOptions): Promise<ActiveHoursAnswer>;
  /** What waiting for each person's hour does to delays and conversions. */
  sendTimes(request: SendTimesRequest, options?: CallOptions): Promise<SendTimesAnswer>;
  explain(request: ExplainRequest, options?: CallOptions): Promise<ExplainAnswer>;
  /** Several workflows together: they share caps and recency. */
  replayProgramme(request: ProgrammeReplayRequest, options?: CallOptions): Promise<ProgrammeAnswer>;
  explainProgramme(request: ProgrammeExplainRequest, options?: CallOptions): Promise<ProgrammeExplainAnswer>;
  galleryProgramme(request: ProgrammeRequest, options?: CallOptions): Promise<ProgrammeGalleryAnswer>;
  listProgrammePeople(request: ProgrammePeopleRequest, options?: CallOptions): Promise<PeopleListAnswer>;
}

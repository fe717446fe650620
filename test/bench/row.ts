/** What a figure counts, which says whether it is the same on every machine. */
export type Measure = 'calls' | 'seconds' | 'MB' | 'milliseconds' | 'times';

/** One figure of the bench with what it must hold. */
export interface Row {
  readonly work: string;
  readonly what: string;
  readonly value: number;
  readonly measure: Measure;
  /** The most that it may be; without one it is only told. */
  readonly most?: number;
  /** How the bound comes about, or what the figure is made of. */
  readonly note?: string;
}

/** The method that others use beside ours, on the same lake in the same run. */
export interface Comparison {
  readonly work: string;
  readonly latencyMs: number;
  readonly ours: Effort;
  readonly theirs: Effort;
}

/** What a piece of work took. */
export interface Effort {
  readonly calls: number;
  readonly seconds: number;
}

/** Everything that one run of the bench found. */
export interface Findings {
  readonly node: string;
  readonly cpu: string;
  /** Processor seconds of the calibration loop, the unit of all ratios. */
  readonly calibration: number;
  readonly rows: readonly Row[];
  readonly comparisons: readonly Comparison[];
}

/** Whether a row holds its bound; counts are judged exactly, everything else as it was measured. */
export function holds({ value, most }: Row): boolean {
  return most === undefined || value <= most;
}

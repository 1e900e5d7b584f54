/** Who is away without an end, of whom nobody has said for a week that they still are: people are asked, quietly. */

import { useLoaded } from "../load";
import type { Alert } from "../records";
import type { AbsenceAsking } from "./settings/records";
import { changed } from "./settings/acts";

/** Nobody waits for it; and whoever answers elsewhere is seen to have within a minute. */
const EVERY_MS = 60_000;

/** The longest first. */
export function useAsking(): AbsenceAsking[] {
  return useLoaded<{ asking: AbsenceAsking[] }>("/absences/asking", changed.value, EVERY_MS).value?.asking ?? [];
}

const STIRS = ["stirs_while_away", "still_while_away"];

/** Whether the sensors of somebody's home showed that somebody is there, and nobody has settled who. */
export const stirs = (open: Alert[], resident: string): boolean =>
  open.some((one) => one.resident.id === resident && one.evidence.reasons.some((each) => STIRS.includes(each.code)));

/** A resident's last day, fetched and kept fresh. */

import type { JSX } from "preact";
import { useLoaded } from "../load";
import type { Day } from "../records";
import { Empty, Failed, Loading } from "../states";
import { t } from "../words";
import { DayStrip } from "./DayStrip";

/** A day is drawn by the minute. */
const EVERY_MS = 60_000;

export function DayPart({ resident, version }: { resident: string; version: unknown }): JSX.Element {
  const day = useLoaded<Day>(`/residents/${encodeURIComponent(resident)}/day`, version, EVERY_MS);
  const heard = day.value?.minutes.some((minute) => minute.activity !== null);
  if (day.value && !heard) return <Empty>{t("day.empty")}</Empty>;
  if (day.value) return <DayStrip day={day.value} />;
  return day.error ? <Failed text={t("day.failed")} again={day.again} /> : <Loading text={t("day.loading")} />;
}

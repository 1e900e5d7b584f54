/** A refusal in words: what happened, whether anything was changed, and what to do. */

import { Refused } from "../http";
import { t, type Key } from "../words";

const KNOWN: Record<string, Key> = {
  name_taken: "rights.no.name_taken",
  last_administrator: "rights.no.last_administrator",
  yourself: "rights.no.yourself",
  said_taken: "rights.no.said_taken",
  has_more: "rights.no.has_more",
  nothing_left: "rights.no.nothing_left",
  wrong_password: "rights.no.wrong_password",
  weak_password: "rights.no.weak_password",
  too_many_attempts: "rights.no.too_many",
};

export function refusalOf(error: unknown): string {
  if (!(error instanceof Refused)) return t("rights.no.broken");
  const known = error.code ? KNOWN[error.code] : undefined;
  if (known) return t(known);
  if (error.kind === "unreachable") return t("rights.no.unreachable");
  if (error.kind === "forbidden" || error.kind === "missing") return t("rights.no.gone");
  return t("rights.no.other", { message: error.message });
}

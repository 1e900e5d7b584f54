/** The figures as a file: what is in it, and whether it names anybody. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readsLog } from "../session";
import { Dialog } from "../shell/Dialog";
import { lang, t } from "../words";
import { periodName } from "./plan";
import type { Review } from "./records";

export function ExportDialog({ review, asked, close }: { review: Review; asked: string; close: () => void }): JSX.Element {
  const [names, setNames] = useState(false);
  const period = periodName(review.period, review.start, review.end, review.timezone, lang.value);
  const link = (form: string): string => `/api/v1/review/export?${asked}&format=${form}&lang=${lang.value}${names ? "&names=true" : ""}`;
  return (
    <Dialog title={t("review.export.title")} close={close}>
      <p>{t("review.export.about", { period })}</p>
      {readsLog() ? (
        <label class="review-names">
          <input type="checkbox" data-testid="names" checked={names} onChange={() => setNames(!names)} />
          <span>
            {t("review.export.names")}
            <small class="muted">{t("review.export.names.about")}</small>
          </span>
        </label>
      ) : (
        <p class="muted">{t("review.export.names.not")}</p>
      )}
      <div class="buttons">
        <a class="button button-main" data-testid="export-csv" href={link("csv")} download onClick={close}>
          {t("review.export.csv")}
        </a>
        <a class="button" data-testid="export-json" href={link("json")} download onClick={close}>
          {t("review.export.json")}
        </a>
      </div>
    </Dialog>
  );
}

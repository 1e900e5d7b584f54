/** The foot of a dialog of the care sheet: why it was not saved, saving, and leaving it. */

import type { JSX } from "preact";
import { sending } from "../resident/settings/acts";
import { t } from "../words";

export function SaveFoot({ refusal, close, testid }: SaveFootProps): JSX.Element {
  return (
    <>
      {refusal && (
        <p class="refusal" role="alert">
          {refusal}
        </p>
      )}
      <div class="buttons">
        <button class="button button-main" data-testid={testid} disabled={sending.value}>
          {sending.value ? t("action.busy") : t("sheet.save")}
        </button>
        <button class="button" type="button" onClick={close}>
          {t("action.cancel")}
        </button>
      </div>
    </>
  );
}

interface SaveFootProps {
  refusal: string | null;
  close: () => void;
  testid: string;
}

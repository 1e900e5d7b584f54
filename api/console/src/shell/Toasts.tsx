/** Short messages at the foot of the page; some can be taken back. */

import type { JSX } from "preact";
import { toasts, dismiss } from "../toasts";
import { t } from "../words";

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div class="toast" key={toast.id} data-testid="toast">
          <span>{toast.text}</span>
          {toast.undo && (
            <button
              class="button button-toast"
              data-testid="undo"
              onClick={() => {
                dismiss(toast.id);
                toast.undo?.();
              }}
            >
              {t("action.undo")} <kbd>U</kbd>
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

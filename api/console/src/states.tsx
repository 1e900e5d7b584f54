/** The states of anything that is fetched: on its way, failed, empty. Each says what it is and what to do. */

import type { ComponentChildren, JSX } from "preact";
import { t } from "./words";

export function Loading({ text }: { text: string }): JSX.Element {
  return (
    <p class="state state-loading" role="status">
      <span class="spinner" />
      {text}
    </p>
  );
}

export function Failed({ text, again }: { text: string; again?: () => void }): JSX.Element {
  return (
    <div class="state state-failed" role="alert">
      <p>{text}</p>
      {again && (
        <button class="button" onClick={again}>
          {t("common.retry")}
        </button>
      )}
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="state state-empty">{children}</p>;
}

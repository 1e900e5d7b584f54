/** Writes what messages of one kind and language say; shows at each stroke how it would read. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { call, post, type Refused } from "../http";
import { Dialog } from "../shell/Dialog";
import { lang, said, t, type Key } from "../words";
import type { Template, Templates } from "./records";

/** Typing pauses for so long before the platform is asked. */
const PAUSE_MS = 300;
const KNOWN = new Set(["unknown_field", "stray_brace", "empty", "too_long"]);

interface Preview {
  text: string;
  first_line: number;
  limit: number;
}

function wrongOf(error: Refused): string {
  if (!error.code || !KNOWN.has(error.code)) return t("reach.templates.no.other", { message: error.message });
  return t(`reach.templates.no.${error.code}` as Key, { field: (error.body as { field?: string } | null)?.field ?? "" });
}

export function TemplateDialog({ was, fields, close }: { was: Template; fields: Templates["fields"]; close: () => void }): JSX.Element {
  const [text, setText] = useState(was.text);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const path = `/message-templates/${was.id}`;
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      post<Preview>(`${path}/preview`, { text }).then(
        (found) => wanted && (setPreview(found), setWrong(null)),
        (error: Refused) => wanted && setWrong(wrongOf(error)),
      );
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [text]);
  const send = async (method: "PUT" | "DELETE"): Promise<void> => {
    setBusy(true);
    try {
      await call(method, path, method === "PUT" ? { text } : {});
      close();
    } catch (error) {
      setWrong(wrongOf(error as Refused));
      setBusy(false);
    }
  };
  const insert = (name: string): void => {
    const box = area.current;
    const at = box?.selectionStart ?? text.length;
    setText(`${text.slice(0, at)}{${name}}${text.slice(box?.selectionEnd ?? at)}`);
    box?.focus();
  };
  const title = t("reach.templates.edit.title", { kind: said(`kind.${was.kind}`, was.kind), lang: t(`reach.lang.${was.lang}`) });
  return (
    <Dialog title={title} close={close}>
      <form
        class="resolve"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) void send("PUT");
        }}
      >
        <label class="field">
          {t("reach.templates.text")}
          <textarea
            ref={area}
            rows={3}
            maxLength={400}
            data-testid="template-text"
            aria-invalid={wrong !== null}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <div class="reach-fields" role="group" aria-label={t("reach.templates.fields")}>
          {fields.map((one) => (
            <button key={one.name} type="button" class="chip reach-field" onClick={() => insert(one.name)}>
              {`{${one.name}}`} {one[lang.value]}
            </button>
          ))}
        </div>
        {wrong ? (
          <p class="refusal" role="alert" data-testid="template-wrong">
            {wrong}
          </p>
        ) : (
          preview && (
            <div aria-live="polite">
              <p class="fine">
                {t("reach.templates.reads")} · {t("reach.templates.length", { n: preview.first_line, limit: preview.limit })}
              </p>
              <p class="reach-words" data-testid="template-preview">
                {preview.text}
              </p>
            </div>
          )
        )}
        <div class="buttons">
          <button class="button button-main" data-testid="template-save" disabled={busy || wrong !== null}>
            {t(busy ? "action.busy" : "reach.templates.save")}
          </button>
          {was.own && (
            <button type="button" class="button" disabled={busy} onClick={() => void send("DELETE")}>
              {t("reach.templates.reset")}
            </button>
          )}
          <button type="button" class="button" onClick={close}>
            {t("action.cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

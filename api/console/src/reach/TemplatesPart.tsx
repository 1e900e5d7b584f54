/** What a message says, by kind and language; an administrator of everything may write it otherwise. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLoaded } from "../load";
import { user } from "../session";
import { Failed, Loading } from "../states";
import { said, t } from "../words";
import type { Template, Templates } from "./records";
import { TemplateDialog } from "./TemplateDialog";

/** Who is administrator of one place only does not write for all. */
const writes = (): boolean => (user.value?.grants ?? []).some((one) => one.role === "administrator" && !one.place);

export function TemplatesPart(): JSX.Element {
  const loaded = useLoaded<Templates>("/message-templates");
  const [open, setOpen] = useState<Template | null>(null);
  const close = (): void => {
    setOpen(null);
    loaded.again();
  };
  const all = loaded.value?.templates ?? [];
  return (
    <section class="panel" aria-labelledby="reach-templates">
      <header class="reach-part">
        <h2 id="reach-templates">{t("reach.templates")}</h2>
      </header>
      <p class="muted">{t("reach.templates.about")}</p>
      {!loaded.value && !loaded.error && <Loading text={t("rights.loading")} />}
      {!loaded.value && loaded.error && <Failed text={t("reach.templates.failed")} again={loaded.again} />}
      {loaded.value && (
        <details class="reach-all">
          <summary data-testid="templates-all">{t("reach.templates.all", { n: all.length, own: all.filter((one) => one.own).length })}</summary>
          <ul class="reach-templates">
            {all.map((one) => (
              <li key={one.id}>
                <span>
                  <b>{said(`kind.${one.kind}`, one.kind)}</b>{" "}
                  <span class="muted">
                    {t(`reach.lang.${one.lang}`)}
                    {one.own && ` · ${t("reach.templates.own")}`}
                  </span>
                </span>
                <span class="reach-template" lang={one.lang === "zh" ? "zh-Hans" : "en"}>
                  {one.text}
                </span>
                {writes() && (
                  <button
                    class="button"
                    data-testid={`template-${one.id}`}
                    aria-label={`${t("reach.templates.edit")}: ${t("reach.templates.edit.title", { kind: said(`kind.${one.kind}`, one.kind), lang: t(`reach.lang.${one.lang}`) })}`}
                    onClick={() => setOpen(one)}
                  >
                    {t("reach.templates.edit")}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
      {open && loaded.value && <TemplateDialog was={open} fields={loaded.value.fields} close={close} />}
    </section>
  );
}

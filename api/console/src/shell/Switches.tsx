/** The switches for language and theme. */

import type { JSX } from "preact";
import { Icon } from "../marks";
import { nextTheme, theme } from "../theme";
import { lang, setLang, t, type Lang } from "../words";

const NAMES: [Lang, string][] = [
  ["zh", "中文"],
  ["en", "English"],
];

export function LangSwitch(): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={t("lang.label")}>
      {NAMES.map(([code, name]) => (
        <button
          key={code}
          lang={code}
          data-testid={`lang-${code}`}
          aria-pressed={lang.value === code}
          onClick={() => setLang(code)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

export function ThemeSwitch(): JSX.Element {
  const name = t("theme.label", { name: t(`theme.${theme.value}`) });
  return (
    <button class="icon-button" title={name} aria-label={name} data-testid="theme" onClick={nextTheme}>
      <Icon name={theme.value} />
    </button>
  );
}

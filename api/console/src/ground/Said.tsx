/** Where somebody is, in words: the place, how they moved, how old and how exact that is, and where they may be by now. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Ago, Filled } from "../times";
import { toast } from "../toasts";
import { t } from "../words";
import type { Ground, LastPlace, Spot } from "./records";
import { far, headline, zoneWords } from "./say";

interface Props {
  last: LastPlace;
  ground: Ground;
  began: Spot | null;
  lasts: boolean;
  more?: (string | null)[];
}

export function Said({ last, ground, began, lasts, more = [] }: Props): JSX.Element {
  const zone = zoneWords(last, ground);
  const outside = last.beyond_zone !== null && last.beyond_zone > last.error;
  return (
    <div class="ground-said" data-testid="ground-said">
      <p class="ground-headline">{headline(last, ground, began)}</p>
      <p>
        <Filled words="ground.seen.line" name="ago" value={<Ago at={last.time} />} fill={{ error: far(last.error) }} />
        {lasts && last.area !== null && <span class="ground-more">{t("ground.area.line", { far: far(last.area) })}</span>}
      </p>
      {(zone || more.some(Boolean)) && (
        <p>
          {zone && <span class={outside ? "ground-outside" : ""}>{zone}</span>}
          {more.filter(Boolean).map((words) => (
            <span key={words} class={zone ? "ground-more" : ""}>
              {words}
            </span>
          ))}
        </p>
      )}
      {last.where && <Coordinates where={last.where} />}
    </div>
  );
}

function Coordinates({ where }: { where: { lat: number; lon: number } }): JSX.Element {
  const words = `${where.lat.toFixed(5)}, ${where.lon.toFixed(5)}`;
  const [copied, setCopied] = useState(false);
  // Only over HTTPS, or on this machine, a browser lets a page copy; elsewhere the words are marked by hand.
  const copy = navigator.clipboard
    ? () =>
        void navigator.clipboard.writeText(words).then(() => {
          setCopied(true);
          toast(t("ground.copied"));
        })
    : null;
  return (
    <p class="muted ground-coordinates">
      {t("ground.coordinates")} <span class="figures">{words}</span> <small>WGS 84</small>
      {copy && (
        <button class="link-button" onClick={copy} disabled={copied}>
          {t("ground.copy")}
        </button>
      )}
    </p>
  );
}

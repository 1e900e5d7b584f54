/** Pasting: messages in, what they mean out. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, post, Refused } from "../http";
import { Empty, Failed, Loading } from "../states";
import { t, type Key } from "../words";
import { EXAMPLES } from "./examples";
import { Message } from "./Message";
import { isHex, MOST_MESSAGES, pasted, textOf } from "./paste";
import type { Given, Read, Said } from "./records";

/** A stored message that another page asks to read (`/decode?quarantine=12`, `?device=w1`). */
interface Stored {
  topic: string;
  payload_hex: string;
  size: number;
  retain: boolean;
  at?: string;
  time?: string;
}

function asked(): string | null {
  const query = new URLSearchParams(location.search);
  const [entry, device] = [query.get("quarantine"), query.get("device")];
  if (entry) return `/quarantine/${encodeURIComponent(entry)}`;
  return device ? `/devices/${encodeURIComponent(device)}/message` : null;
}

const refusal = (error: Refused): string => {
  if (error.kind === "forbidden") return t("decode.forbidden");
  if (error.code === "too_large" || (error.kind === "malformed" && error.code === "malformed")) return t("decode.toolarge");
  return error.kind === "malformed" ? t("decode.refused", { message: error.message }) : t("decode.failed");
};

export function PastePart(): JSX.Element {
  const [topic, setTopic] = useState("");
  const [text, setText] = useState("");
  const [retain, setRetain] = useState(false);
  const [hex, setHex] = useState(false);
  const [busy, setBusy] = useState<Key | null>(null);
  const [failure, setFailure] = useState("");
  const [note, setNote] = useState("");
  const [reads, setReads] = useState<Read[]>([]);
  const result = useRef<HTMLHeadingElement>(null);
  const turn = useRef(0);
  const [done, setDone] = useState(0);
  // Where the result stands below the form, on a telephone, one is taken to it.
  useEffect(() => {
    if (done) result.current?.focus();
  }, [done]);

  const read = (given: Given[]): void => {
    const mine = ++turn.current;
    setFailure("");
    if (given.length > MOST_MESSAGES) return setFailure(t("decode.toolarge"));
    setBusy("decode.reading");
    post<{ messages: Said[] }>("/decode", { messages: given }).then(
      ({ messages }) => {
        if (mine !== turn.current) return;
        setBusy(null);
        setReads(messages.map((said, n) => ({ key: mine * MOST_MESSAGES + n, given: given[n] as Given, said })));
        setDone(mine);
      },
      (error: Refused) => {
        if (mine !== turn.current) return;
        setBusy(null);
        setFailure(refusal(error));
      },
    );
  };

  useEffect(() => {
    const path = asked();
    if (!path) return;
    setBusy("decode.filling");
    get<Stored>(path).then(
      (found) => {
        setBusy(null);
        const plain = textOf(found.payload_hex);
        setTopic(found.topic);
        setRetain(found.retain);
        setHex(plain === null);
        setText(plain ?? found.payload_hex);
        const kept = found.payload_hex.length / 2;
        if (kept < found.size) setNote(t("decode.fill.cut", { n: kept, size: found.size }));
        const arrival = found.at ?? found.time;
        read([{ topic: found.topic, payload_hex: found.payload_hex, retain: found.retain, ...(arrival ? { arrival } : {}) }]);
      },
      () => {
        setBusy(null);
        setFailure(t("decode.fill.failed"));
      },
    );
  }, []);

  const submit = (event: Event): void => {
    event.preventDefault();
    setNote("");
    if (!text.trim() && !topic.trim()) return setFailure(t("decode.none"));
    read(pasted(topic, text, retain, hex).given);
  };
  const clear = (): void => {
    turn.current += 1;
    setTopic("");
    setText("");
    setRetain(false);
    setHex(false);
    setFailure("");
    setNote("");
    setBusy(null);
    setReads([]);
  };
  const example = (words: string): void => {
    clear();
    setText(words);
    read(pasted("", words, false, false).given);
  };
  // A form is sent by Ctrl+Enter from its text, as everywhere.
  const keys = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
  };

  return (
    <div class="decode-grid">
      <form class="panel decode-form" onSubmit={submit}>
        <label class="field">
          {t("decode.topic")}
          <input
            data-testid="topic"
            value={topic}
            placeholder={t("decode.topic.hint")}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => setTopic(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          {t("decode.payload")}
          <textarea
            class="decode-text"
            data-testid="payload"
            rows={8}
            value={text}
            spellcheck={false}
            autocapitalize="off"
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={keys}
          />
        </label>
        <div class="decode-switches">
          <label class="decode-switch">
            <input type="checkbox" data-testid="retained" checked={retain} onChange={(event) => setRetain(event.currentTarget.checked)} />
            {t("decode.retained")}
          </label>
          {(hex || isHex(text)) && (
            <label class="decode-switch">
              <input type="checkbox" data-testid="hex" checked={hex} onChange={(event) => setHex(event.currentTarget.checked)} />
              {t("decode.hex")}
            </label>
          )}
        </div>
        <div class="decode-acts">
          <button class="button button-main" data-testid="decode-read" aria-busy={busy !== null}>
            {t("decode.read")} <kbd>Ctrl ⏎</kbd>
          </button>
          <button type="button" class="button" data-testid="decode-clear" onClick={clear}>
            {t("decode.clear")}
          </button>
        </div>
        <fieldset class="decode-examples">
          <legend class="label">{t("decode.examples")}</legend>
          {EXAMPLES.map((one) => (
            <button key={one.words} type="button" class="decode-example" onClick={() => example(one.text())}>
              {t(one.words)}
            </button>
          ))}
        </fieldset>
      </form>
      <section class="decode-result" aria-live="polite" aria-busy={busy !== null}>
        {failure && <Failed text={failure} />}
        {note && <p class="notice">{note}</p>}
        {busy && !reads.length && <Loading text={t(busy)} />}
        {reads.length > 0 && (
          <h2 class="label" tabIndex={-1} ref={result}>
            {reads.length === 1 ? t("decode.result.one") : t("decode.result.count", { n: reads.length })}
          </h2>
        )}
        <ul class="reads">
          {reads.map((one) => (
            <Message key={one.key} read={one} />
          ))}
        </ul>
        {!busy && !reads.length && !failure && <Empty>{t("decode.nothing")}</Empty>}
      </section>
    </div>
  );
}

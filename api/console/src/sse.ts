/** Server-sent events out of a text stream. Pure. */

export interface ServerEvent {
  name: string;
  id: string;
  data: string;
}

/** Cuts a text stream into server-sent events (WHATWG HTML, section 9.2). */
export class Parser {
  private rest = "";
  private fields = { name: "message", id: "", data: [] as string[] };

  constructor(private readonly emit: (event: ServerEvent) => void) {}

  feed(text: string): void {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    lines.forEach((line) => this.line(line));
  }

  private line(line: string): void {
    if (line === "") return this.flush();
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.fields.name = value;
    else if (field === "id") this.fields.id = value;
    else if (field === "data") this.fields.data.push(value);
  }

  private flush(): void {
    const { name, id, data } = this.fields;
    this.fields = { name: "message", id: "", data: [] };
    if (data.length) this.emit({ name, id, data: data.join("\n") });
  }
}

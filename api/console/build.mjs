// Bundles the console into dist/: hashed assets and one page. No inline script or style, so that the strictest
// Content-Security-Policy holds (script-src 'self'; style-src 'self').
import { build, context } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
/** Fast first paint on a cheap tablet over the ward's Wi-Fi (docs/adr/0004-console-technology.md): all that the first
 *  page fetches. What is imported when somebody opens it is not counted. */
const MAX_SCRIPT_BYTES = 200_000;
const MAIN = "src/main.tsx";

/** Returns the names of the scripts that the page fetches first: its own, and what that imports. */
function firstScripts(outputs, name, found = []) {
  if (found.includes(name)) return found;
  found.push(name);
  for (const one of outputs[name].imports)
    if (one.kind === "import-statement") firstScripts(outputs, one.path, found);
  return found;
}

/** Writes index.html with the names that esbuild gave to the bundle. */
const page = {
  name: "page",
  setup(pluginBuild) {
    pluginBuild.onEnd(async (result) => {
      if (!result.metafile) return;
      const outputs = Object.entries(result.metafile.outputs);
      const [script] = outputs.find(([, output]) => output.entryPoint?.endsWith(MAIN)) ?? [];
      const [style] = outputs.find(([name]) => name.endsWith(".css")) ?? [];
      if (!script || !style) return;
      const first = firstScripts(result.metafile.outputs, script);
      const bytes = first.reduce((sum, name) => sum + result.metafile.outputs[name].bytes, 0);
      // Asked for beside the first, not after it.
      const preload = first
        .slice(1)
        .map((name) => `<link rel="modulepreload" href="/assets/${basename(name)}" />`)
        .join("\n    ");
      const template = await readFile(join(here, "index.html"), "utf8");
      // In the page itself: a browser asks for an icon again and again, and on a dead line never gives one up.
      const icon = (await readFile(join(here, "favicon.svg"))).toString("base64");
      const html = template
        .replace("ICON", `data:image/svg+xml;base64,${icon}`)
        .replace("<!-- PRELOAD -->", preload)
        .replace("SCRIPT", `/assets/${basename(script)}`)
        .replace("STYLE", `/assets/${basename(style)}`);
      await writeFile(join(dist, "index.html"), html);
      console.log(`console: ${bytes} bytes of script`);
      if (!watching && bytes > MAX_SCRIPT_BYTES) {
        throw new Error(`the script has ${bytes} bytes; the limit is ${MAX_SCRIPT_BYTES}`);
      }
    });
  },
};

const watching = process.argv.includes("--watch");
const options = {
  entryPoints: [join(here, "src/main.tsx")],
  outdir: join(dist, "assets"),
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  splitting: true,
  bundle: true,
  minify: !watching,
  sourcemap: watching ? "linked" : false,
  format: "esm",
  // Half the bytes of a Chinese word; a module is read as UTF-8 whatever the server says.
  charset: "utf8",
  target: ["es2020", "chrome87", "firefox90", "safari14"],
  jsx: "automatic",
  jsxImportSource: "preact",
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  plugins: [page],
};

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "assets"), { recursive: true });
if (watching) await (await context(options)).watch();
else await build(options);

// Bundles the console into dist/: hashed assets and one page. No inline script or style, so that the strictest
// Content-Security-Policy holds (script-src 'self'; style-src 'self').
import { build, context } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");
/** Fast first paint on a cheap tablet over the ward's Wi-Fi (docs/adr/0004-console-technology.md). */
const MAX_SCRIPT_BYTES = 200_000;

/** Writes index.html with the names that esbuild gave to the bundle. */
const page = {
  name: "page",
  setup(pluginBuild) {
    pluginBuild.onEnd(async (result) => {
      if (!result.metafile) return;
      const outputs = Object.entries(result.metafile.outputs);
      const named = (ending) => outputs.find(([name]) => name.endsWith(ending));
      const [script, scriptInfo] = named(".js") ?? [];
      const [style] = named(".css") ?? [];
      if (!script || !style) return;
      const template = await readFile(join(here, "index.html"), "utf8");
      const html = template
        .replace("SCRIPT", `/assets/${basename(script)}`)
        .replace("STYLE", `/assets/${basename(style)}`);
      await copyFile(join(here, "favicon.svg"), join(dist, "assets", "favicon.svg"));
      await writeFile(join(dist, "index.html"), html);
      console.log(`console: ${scriptInfo.bytes} bytes of script`);
      if (!watching && scriptInfo.bytes > MAX_SCRIPT_BYTES) {
        throw new Error(`the script has ${scriptInfo.bytes} bytes; the limit is ${MAX_SCRIPT_BYTES}`);
      }
    });
  },
};

const watching = process.argv.includes("--watch");
const options = {
  entryPoints: [join(here, "src/main.tsx")],
  outdir: join(dist, "assets"),
  entryNames: "[name]-[hash]",
  bundle: true,
  minify: !watching,
  sourcemap: watching ? "linked" : false,
  format: "esm",
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

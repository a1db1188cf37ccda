// Builds the page into dist/: index.html, and assets/ with a hash of its content in each name, raw, as .gz and as .br.
//
// Usage: node build.mjs
// dist/ also works as it is on any static host: its addresses are relative.

import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import * as esbuild from "esbuild";

export const FOLDER = dirname(fileURLToPath(import.meta.url));
const DIST = join(FOLDER, "dist");
/** What index.html calls its parts while they are not built. */
const SOURCES = { script: "src/main.ts", style: "style.css" };

/** The settings that the build and the development server share. */
export const SETTINGS = {
  absWorkingDir: FOLDER,
  entryPoints: Object.values(SOURCES),
  bundle: true,
  format: "esm",
  // Browsers since 2023.
  target: "es2022",
  outdir: "dist/assets",
  entryNames: "[name]",
  logLevel: "warning",
};

/** index.html with the built parts in place of their sources. */
export async function html(script, style) {
  let text = await readFile(join(FOLDER, "index.html"), "utf8");
  for (const [source, built] of [[SOURCES.script, script], [SOURCES.style, style]]) {
    if (!text.includes(`"${source}"`)) throw new Error(`index.html does not use "${source}"`);
    text = text.replace(`"${source}"`, `"assets/${built}"`);
  }
  return text;
}

async function build() {
  await rm(DIST, { recursive: true, force: true });
  const settings = { ...SETTINGS, entryNames: "[name]-[hash]", minify: true, metafile: true };
  const { outputs } = (await esbuild.build(settings)).metafile;
  const built = (source) => {
    const [path] = Object.entries(outputs).find(([, output]) => output.entryPoint === source);
    return path.slice("dist/assets/".length);
  };
  const page = await html(built(SOURCES.script), built(SOURCES.style));
  await mkdir(DIST, { recursive: true });
  await writeFile(join(DIST, "index.html"), page);
  return compress(page);
}

/** Writes .gz and .br beside each asset; returns how many bytes the whole page has, gzipped. */
async function compress(page) {
  const assets = join(DIST, "assets");
  let total = gzipSync(page, { level: 9 }).length;
  for (const name of await readdir(assets)) {
    const bytes = await readFile(join(assets, name));
    const zipped = gzipSync(bytes, { level: 9 });
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    await writeFile(join(assets, `${name}.gz`), zipped);
    await writeFile(join(assets, `${name}.br`), brotliCompressSync(bytes, { params }));
    total += zipped.length;
  }
  return total;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`The page has ${(await build() / 1000).toFixed(1)} KB, gzipped.`);
}

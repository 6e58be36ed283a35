import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as v from "valibot";

/** The part of esbuild's interface that is used; the platform brings the package. */
interface Esbuild {
  build(options: unknown): Promise<{ metafile: { inputs: Record<string, unknown> } }>;
}
interface PluginBuild {
  onLoad(filter: { filter: RegExp }, load: (file: { path: string }) => object | undefined): void;
}

const ProviderLock = v.array(v.object({ alias: v.string(), package: v.string() }));

/** Modules that stay outside the bundle, as SST leaves them: the platform's own installation has them. */
const EXTERNAL = [
  "@aws-sdk/*",
  "@pulumi/*",
  "@pulumiverse/*",
  "@sst-provider/*",
  "archiver",
  "esbuild",
  "glob",
  "undici",
  "vite",
];

/**
 * A value for a secret that has none here, where SST's command puts its own, before the platform looks. Values are kept in the
 * account that a stage is deployed to, and nothing that is rendered is deployed: without one SST refuses to, all the same.
 * The platform's secrets do not say their type themselves.
 */
const STAND_INS = `$transform({ __pulumiType: "sst:sst:Secret" }, ({ placeholder }, _, name) => {
  if (placeholder === undefined) process.env["SST_SECRET_" + name] = name + ": made up, as nothing is deployed";
});`;

const BANNER = [
  `import { createRequire as topLevelCreateRequire } from "module";`,
  `const require = topLevelCreateRequire(import.meta.url);`,
  `import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url";`,
  `const __filename = topLevelFileUrlToPath(import.meta.url);`,
  `const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url));`,
].join("\n");

/** The platform no longer has the line that the renderer replaces. */
export class PlatformChanged extends Error {
  override readonly name = "PlatformChanged";
  constructor(file: string, line: string) {
    super(`${file} no longer contains "${line}"; look at how SST names resources now.`);
  }
}

/**
 * Bundles `sst.config.ts` with the platform as SST does before it runs a program: the platform's own esbuild, its shim
 * injected, and `aws`, `sst` put into every file that is not the platform's.
 *
 * @param outfile lies in the platform's folder, from where the external modules resolve
 * @returns the program's own source files, relative to `root`
 */
export async function bundleProgram(root: string, outfile: string): Promise<string[]> {
  const platform = path.dirname(outfile);
  const require = createRequire(path.join(platform, "package.json"));
  const esbuild: Esbuild = require("esbuild");
  const lock = v.parse(
    ProviderLock,
    JSON.parse(readFileSync(path.join(root, ".sst/provider-lock.json"), "utf8")),
  );
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    stdin: {
      contents: `import { run } from "${platform}/src/auto/run.ts";
import config from "${root}/sst.config.ts";
${STAND_INS}
export const app = config.app;
export const program = () => run(config.run);`,
      resolveDir: root,
      sourcefile: "render.ts",
      loader: "ts",
    },
    plugins: [globals(platform, lock), stableNames(platform)],
    banner: { js: BANNER },
    inject: [path.join(platform, "src/shim/run.js")],
    nodePaths: [path.join(platform, "node_modules")],
    external: EXTERNAL,
    mainFields: ["module", "main"],
    format: "esm",
    platform: "node",
    target: "es2023",
    bundle: true,
    metafile: true,
    sourcemap: "linked",
    outfile,
    logLevel: "silent",
  });
  return Object.keys(metafile.inputs).filter(
    (file) => !/(^|\/)(\.sst|node_modules)\//.test(file) && file !== "render.ts",
  );
}

/** `aws` and `sst` are globals to a program. On the first line, so that the lines of an error's place stay true. */
function globals(platform: string, lock: v.InferOutput<typeof ProviderLock>) {
  const imports = [
    ...lock.map((provider) => `import * as ${provider.alias} from "${provider.package}";`),
    `import * as sst from "${platform}/src/components";`,
  ].join(" ");
  return {
    name: "globals",
    setup(build: PluginBuild) {
      build.onLoad({ filter: /\.(js|ts|jsx|tsx)$/ }, (file) => {
        if (file.path.startsWith(platform)) return undefined;
        return { contents: `${imports} ${readFileSync(file.path, "utf8")}`, loader: "ts" };
      });
    },
  };
}

/** SST ends a physical name in eight random letters. Two renders must give one graph: here they follow from the name. */
function stableNames(platform: string) {
  const random = `crypto.randomBytes(8).toString("hex")`;
  return {
    name: "stable-names",
    setup(build: PluginBuild) {
      build.onLoad({ filter: /\/naming\.ts$/ }, (file) => {
        if (file.path !== path.join(platform, "src/components/naming.ts")) return undefined;
        const source = readFileSync(file.path, "utf8");
        if (!source.includes(random)) throw new PlatformChanged(file.path, random);
        return { contents: source.replace(random, "main"), loader: "ts" };
      });
    },
  };
}

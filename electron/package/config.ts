// How the desktop program is packaged from a staged folder: what lies outside the archive, which of Electron's doors are
// shut, what each system is told. What the engine's process reads lies outside, as plain files, since add-ons and threads
// cannot be counted on to start from within; main program, preload script and page lie inside, where Electron checks them.

import type { Configuration } from 'electron-builder';
import { VENDORED } from './stage.ts';

export interface PackagePlaces {
  /** The staged program: see `stage.ts`. */
  readonly app: string;
  readonly icons: string;
  readonly output: string;
  /** A folder with Electron's program; null lets electron-builder fetch it. */
  readonly electron: string | null;
  readonly electronVersion: string;
}

/** Everything but where it lies is the same for every system, so that what one machine packages another does too. */
export function packageConfig({ app, icons, output, electron, electronVersion }: PackagePlaces): Configuration {
  return {
    appId: 'io.foresend.desktop',
    productName: 'Foresend',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: electron-builder fills these in
    artifactName: 'foresend-${version}-${os}-${arch}.${ext}',
    copyright: 'MIT License',
    directories: { app, buildResources: icons, output },
    electronVersion,
    ...(electron === null ? {} : { electronDist: electron }),
    // What is called node_modules is filtered by rules of its own; ours is whole already, and only gets its name here.
    files: ['**/*', `!${VENDORED}{,/**}`, { from: VENDORED, to: 'node_modules' }],
    asar: true,
    asarUnpack: [
      'package.json',
      'fixtures/**',
      'out/charts/**',
      'out/main/engine/**',
      'node_modules/**',
      `${VENDORED}/**`,
    ],
    // Every add-on is made against Node's stable interface; nothing is compiled.
    npmRebuild: false,
    publish: null,
    electronFuses: {
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    },
    fileAssociations: [
      {
        ext: 'foresend',
        name: 'Foresend workspace',
        description: 'Foresend workspace',
        role: 'Editor',
        mimeType: 'application/x-foresend',
      },
    ],
    linux: {
      target: ['AppImage', 'deb'],
      category: 'Office',
      icon: 'icon.png',
      maintainer: 'Foresend',
      synopsis: 'A wind tunnel for behavior-triggered email',
    },
    mac: { target: ['dmg', 'zip'], category: 'public.app-category.business', icon: 'icon.icns', darkModeSupport: true },
    win: { target: ['nsis'], icon: 'icon.ico' },
    nsis: { oneClick: true, perMachine: false, deleteAppDataOnUninstall: false },
  };
}

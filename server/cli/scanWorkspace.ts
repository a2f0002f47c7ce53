import { realpathSync } from 'node:fs';
import { scan, type Scan } from '../../index/scan.js';
import { isInside } from '../base/paths.js';
import type { Settings } from '../config/schema.js';
import { homeFolder } from '../base/homeFolder.js';

const mostFiles = 200_000;
const mostFilesBroad = 50_000;

/** The files of a workspace as the index sees them. A home folder, or what lies above it, is looked at only in part. */
export function scanWorkspace(folder: string, { index, privacy }: Settings, most = mostFiles): Scan {
  const real = realpathSync(folder);
  const broad = isInside(real, realpathSync(homeFolder()));
  return scan({
    folder: real,
    exclude: [...index.exclude, ...privacy.exclude],
    maxFileKb: index.maxFileKb,
    except: [],
    maxFiles: broad ? Math.min(most, mostFilesBroad) : most,
    broad,
  });
}

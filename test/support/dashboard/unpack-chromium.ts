/**
 * Unpacks Chromium and the libraries it needs, as the package brings them, into the system's temporary directory. The
 * package does so where `os.tmpdir()` points: start this file with TMPDIR set to an empty directory.
 */

import { fileURLToPath } from 'node:url';
import { inflate } from '@sparticuz/chromium';

const FILES = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'];
const packed = new URL('../bin/', import.meta.resolve('@sparticuz/chromium'));
await Promise.all(FILES.map(async (file) => inflate(fileURLToPath(new URL(file, packed)))));

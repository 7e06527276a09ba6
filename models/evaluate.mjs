// `npm run evaluate -- motion OPTIONS`: frames between frames through the native engine (test/bench/motion.mjs), which needs no Python.
// `npm run evaluate -- keepsake FOOTAGE OPTIONS`: bits at equal distance (models/keepsake/measure.py), with a Python that has PyTorch too.
// `npm run evaluate -- photo-codec FOOTAGE OPTIONS`: stills as few bytes beside JPEG, WebP and AVIF (models/keepsake/codec/measure.py), with PyTorch and Pillow alone: the native engine is not asked.
// `npm run evaluate -- OPTIONS`: finds a Python that has numpy, Pillow and OpenCV and hands everything to models/evaluate.py, which drives the native engine.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
if (process.argv[2] === 'motion') {
  const motion = spawnSync(process.execPath, [join(root, 'test', 'bench', 'motion.mjs'), ...process.argv.slice(3)], { stdio: 'inherit' })
  process.exit(motion.status ?? 1)
}
const candidates = [process.env.HEIRLOOM_PYTHON, join(root, '.venv', 'bin', 'python'), join(root, '.venv', 'Scripts', 'python.exe'), 'python3']
const modules = { keepsake: 'keepsake.measure', 'photo-codec': 'keepsake.codec.measure' }
const module = modules[process.argv[2]]
const wanted = module ? 'cv2, numpy, PIL, torch' : 'cv2, numpy, PIL'
const serves = (python) => spawnSync(python, ['-c', `import ${wanted}`], { stdio: 'ignore' }).status === 0
const python = candidates.find((candidate) => candidate && (candidate === 'python3' || existsSync(candidate)) && serves(candidate))
if (!python) {
  process.stderr.write(
    `heirloom: evaluate needs Python 3 with numpy, Pillow and OpenCV${module ? ', and PyTorch' : ''}. Nothing was measured. Run: python3 -m venv .venv && .venv/bin/pip install -r models/requirements.txt\n`,
  )
  process.exit(1)
}
const given = module ? ['-m', module, ...process.argv.slice(3)] : [join(root, 'models', 'evaluate.py'), ...process.argv.slice(2)]
const path = [join(root, 'models'), process.env.PYTHONPATH].filter(Boolean).join(delimiter)
const run = spawnSync(python, given, { cwd: process.env.INIT_CWD ?? process.cwd(), env: { ...process.env, PYTHONPATH: path }, stdio: 'inherit' })
process.exit(run.status ?? 1)

// For which graphics cards the engine is compiled here: the one that is there, none, or all of them when it is for others.
// Compiling for all takes minutes and is of no use to a computer that has one card or none.

/** What native/CMakeLists.txt calls a card of this compute capability ("8.6", "9.0"). Hopper's kernels need its own instructions. */
export function architectureOf(capability) {
  const number = capability.replace('.', '')
  return number === '90' ? '90a-real' : `${number}-real`
}

/**
 * What the kernels are to be compiled for. `purpose`: 'start' (the cards that are there), 'test' (them, or else one, to see that the
 * kernels compile), 'package' (every card). `capabilities`: of the cards that are there. Nothing: the processor alone.
 */
export function wantedArchitectures(purpose, { hasCompiler, capabilities }) {
  if (!hasCompiler) return []
  if (purpose === 'package') return ['every']
  const present = [...new Set(capabilities)].filter((each) => Number(each) >= 7.5).map(architectureOf)
  return present.length > 0 || purpose === 'start' ? present : ['80-real']
}

/** What an earlier build was made for, as its CMakeCache.txt tells. */
export function builtArchitectures(cacheText) {
  const value = (name) => new RegExp(`^${name}:[A-Z]+=(.*)$`, 'm').exec(cacheText)?.[1] ?? ''
  return value('HL_CUDA') === 'ON' ? value('HL_CUDA_ARCHITECTURES').split(';').filter(Boolean) : []
}

/** Options of cmake. What was built for a card stays built for it: nothing is compiled again because somebody asks for less. */
export function cudaOptions(wanted, built) {
  const all = [...new Set([...built, ...wanted])].sort()
  if (all.length === 0) return ['-DHL_CUDA=OFF']
  return ['-DHL_CUDA=ON', `-DHL_CUDA_ARCHITECTURES=${all.includes('every') ? 'every' : all.join(';')}`]
}

// The version of the arithmetic behind enhanced frames: kept frames of another version are never taken for this one's.

/**
 * Raise it with every change after which the same source and recipe give other frames: in a graph or a kernel of the engine, in the
 * conversion of colours, in how weights are rounded, or in how a source is decoded. Not for what only changes speed or memory.
 */
export const numerics = 1

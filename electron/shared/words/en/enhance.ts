// The Enhance panel.
export const enhance = {
  enhance: {
    label: 'Enhancement',
    title: 'Enhance',
    off: 'This clip stays as it is. Switch on to make its picture better.',
    noModel:
      'No picture model was found. Films can be cut and exported as they are; install Heirloom again to enhance them.',
    size: 'Size',
    sameSize: 'Cleaner, same size: {{to}}',
    newSize: 'From {{from}} to {{to}}',
    device: 'Works on',
    deviceAuto: 'The best there is',
    details: 'Details',
    model: 'Model',
    modelName: 'Model',
    modelGone: 'The model of this clip, {{id}}, is not here any more. Choose another, or add it again.',
    keepsake: {
      name: 'Keepsake',
      note: 'What was filmed and did not fit into the small film is drawn on it again, as its Keepsake part says.',
      detail: 'Faithful – Detail',
      grain: 'Grain',
      others:
        'What is drawn was not filmed like that. As other players show the film, you see it before enhancing, or with everything here off.',
    },
    memory: {
      smallCache:
        'The whole picture at once would need {{whole}} of memory, and {{limit}} may be used. So what is remembered of earlier frames is kept more roughly: {{total}}, {{speed}}.',
      streamedWeights:
        'The whole picture at once would need {{whole}} of memory, and {{limit}} may be used. So the model stays in the computer’s memory and comes to the card layer by layer: {{total}}, {{speed}}.',
      parts:
        'The whole picture at once would need {{whole}} of memory, and {{limit}} may be used. So it is worked on in {{rows}} × {{columns}} overlapping parts that fade into each other: {{total}}, {{speed}}.',
      refused:
        'This does not fit into memory: it needs at least {{total}}, and {{limit}} may be used. Choose a smaller size, or close other programs.',
      refusedSmaller:
        'This does not fit into memory: it needs at least {{total}}, and {{limit}} may be used. The model {{smaller}} would fit.',
      refusedEstimates:
        'This does not fit into memory: it needs at least {{total}}, of which {{estimates}} are for the estimated frames of Motion, and {{limit}} may be used. Choose “Unchanged” there, a smaller size, or close other programs.',
      busy: 'Whether this fits into memory will be known when the work that is going on has ended.',
      asFast: 'about as fast as usual',
      slower: 'at about {{percent}}% of the usual speed',
    },
    timesSlower:
      'On a processor {{name}} takes about {{times}} times as long as Heirloom S: it is made for graphics cards.',
    slow: 'There is no graphics card here that Heirloom can use. On this computer’s processor this clip takes about {{time}} with {{name}}.',
    parameters: 'Parameters',
    hash: 'Fingerprint',
    licence: 'Licence',
    cardFacts: '{{name}}: {{kind}}, {{memory}} of memory',
    deviceFacts: '{{name}}: {{kind}}, {{threads}} threads, {{memory}} of memory',
  },
  fit: {
    title: 'In the film',
    fit: 'Whole',
    fill: 'Filling',
    centre: 'Unscaled',
    note: {
      fit: 'This clip has another shape than the film ({{film}}): all of it is shown, between black bars.',
      fill: 'This clip has another shape than the film ({{film}}): it fills it, and its edges are cut off.',
      centre:
        'This clip stands in the middle of the film ({{film}}) at its own size. What is larger than the film is cut off.',
    },
  },
  fields: {
    combed:
      'Fine lines show along what moves: the film seems to be interlaced, though its file says that it is not.',
    takeApart: 'Take the fields apart',
    looking: 'Looking at the fields…',
    apart: 'Fields are taken apart: every field is shown as a full frame.',
    putTogether: 'Put them back together',
  },
  look: {
    title: 'Look',
    gentle: 'Gentle',
    natural: 'Natural',
    strong: 'Strong',
    suggested: 'Suggested',
    custom: 'Custom',
    note: {
      gentle: 'Cleans the picture and adds nothing.',
      natural: 'Clean and clear, true to the film.',
      strong: 'As clear as it gets. Some of what you see is the model’s guess.',
      custom: 'Set by hand. At 0% the picture stays as it is, at 100% the model does all it can.',
    },
    strength: 'Strength',
    fullOnly: 'This model cannot vary its strength. This clip was set to {{percent}} with another one.',
    useFull: 'Use full strength',
    always: 'Always full',
  },
  suggestion: {
    looking: 'Looking at this clip…',
    good: 'Going by a few frames, this clip is in good shape.',
    light: 'Going by a few frames, this clip looks lightly damaged.',
    clear: 'Going by a few frames, this clip looks clearly damaged.',
    bad: 'Going by a few frames, this clip looks badly damaged.',
    noise: 'It is noisy.',
    blockiness: 'Blocks of compression show.',
    blur: 'It is soft.',
    used: 'Strength {{percent}} is where to begin; your eye decides.',
    use: 'Use the suggested {{percent}}',
    own: 'Only for this clip: another film begins with its own suggestion.',
  },
  preview: {
    title: 'See it first',
    length: 'Length of the preview',
    button: 'Preview',
    explain: 'Makes a short piece from here on as it will be, so that you can compare it with the original.',
    playIt: 'Press play inside the green part of the timeline to see it move.',
    progress: 'Preview',
    starting: 'Starting…',
    afterReading: 'Starts as soon as the film has been read.',
    loading: 'Fetching the preview…',
    done: '{{done}} of {{total}} frames',
    cancel: 'Stop',
  },
} as const

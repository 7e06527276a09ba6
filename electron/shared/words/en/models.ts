// Models: what they are, adding, downloading and removing them.
export const models = {
  modelGone: 'The model "{{id}}" is not there. There are: {{names}}.',
  weightsGone:
    'The model that this began with (weights {{hash}}) is not here any more, or its files have changed. Put it there again, or choose another model and begin anew.',
  modelShipped:
    'The model "{{name}}" is part of Heirloom and stays. Only models that were added can be removed.',
  modelInUse: 'A film is being worked on. Wait until it is done or stop it, then remove "{{name}}".',
  modelCannotRemove:
    '"{{name}}" could not be removed from {{folder}}: {{reason}}. Close what uses it, then remove it once more.',
  modelThere: 'These weights are there already, as "{{name}}". Nothing was changed.',
  modelWorkBusy: 'Another model is being worked on. Wait until that is done, or stop it first.',
  modelWorkElsewhere:
    'Another Heirloom that runs on this computer is bringing in a model. Wait until that is done, or stop it there first.',
  modelVersionUnknown:
    'Nothing in {{folder}} says whether these are the files of FlashVSR v1 or v1.1. Say which folder was downloaded: the wrong choice gives ghosts in the picture.',
  modelVersionWrong:
    '{{folder}} holds FlashVSR {{found}}, not {{wanted}}: its files are known. Nothing was changed; add it as {{found}}.',
  modelNoRoom:
    'There is not enough room in {{folder}}: {{need}} are needed, {{free}} are free. Nothing was changed. Free some space, then add the model.',
  downloadAddress:
    '"{{address}}" is not an address to download from. It must begin with https:// (http:// only for this computer itself).',
  downloadRedirect:
    'The server of {{host}} sends on to "{{to}}", where Heirloom does not go. Nothing from there was loaded. Use another address.',
  downloadLoop:
    'The server of {{host}} sends on from one address to the next without an end. Use another address.',
  downloadStatus:
    'The server of {{host}} does not give {{file}} (answer {{status}}). What has come so far is kept. Go on later, or use another address.',
  downloadSize:
    '{{file}} has {{found}} bytes at {{host}}, it should have {{wanted}}. It is another file, so it was not loaded. Use another address.',
  downloadSizeBetween:
    '{{file}} has {{found}} bytes at {{host}}, it should have between {{least}} and {{most}}. It is another file, so it was not loaded. Use another address.',
  downloadUnsized:
    'The server of {{host}} does not say how large {{file}} is, so it was not loaded. Use another address.',
  downloadInterrupted:
    'The connection to {{host}} was lost at {{file}}: {{reason}}. What has come so far is kept; go on when the connection is back.',
  downloadUnreachable:
    '{{host}} cannot be reached: {{reason}}. Look whether this computer is online, or use another address.',
  downloadChecksum:
    '{{file}} from {{host}} is not the published file: its checksum is {{found}} and should be {{wanted}}. It was thrown away. Use another address.',
  downloadNone: 'There is no download to go on with. Start it again.',
  downloadUnknown: 'Heirloom knows no download called "{{id}}".',
  modelUnreadable:
    'The model "{{id}}" is damaged: its model.json cannot be read. Put the whole model into its folder again, or choose another one.',
  modelContract:
    'The model "{{id}}" states something in its model.json that Heirloom cannot go by: {{place}}. Put the whole model into its folder again, or install a newer Heirloom.',
  modelDoesOther:
    'The model "{{id}}" does not enhance frames: its model.json says "{{does}}", which this version of Heirloom has no use for. Choose another model, or install a newer Heirloom.',
  modelUnknownKind:
    'The model "{{id}}" is of a kind that this version of Heirloom does not know. Install a newer Heirloom, or choose another model.',
  modelFileUnreadable:
    'The model "{{id}}" cannot be used: {{path}} could not be read ({{reason}}). Put the whole model there again, or choose another one.',
  modelWithoutWeights:
    'The model "{{id}}" has no weights: {{path}} is not there. Put that file there again, or choose another model.',
  modelScale: 'The model "{{name}}" does not enlarge {{scale}} times. It does: {{scales}}.',
  modelStrength: 'The model "{{name}}" knows only full strength (1) and none (0), not {{strength}}.',
  modelLooks: 'The model "{{name}}" has no looks: it always does all that it can. Leave --look out.',
  // ---- what could not be done, and where it was told in English only before ----
  modelDamagedFile:
    "The model's weights in {{path}} are damaged: the file is cut off. Put the model there again.",
  modelDamagedList:
    "The model's weights in {{path}} are damaged: the list of contents cannot be read. Put the model there again.",
  modelWithoutDescription:
    'The model "{{id}}" is not there: {{folder}} has no model.json. Put the whole model there, or choose another one.',
  modelFlat:
    'The model "{{model}}" gives empty frames of "{{name}}" from {{at}} on, although the video shows something there. Nothing was written and the original is untouched. Choose another model, or install this one again.',
  modelFrozen:
    'The model "{{model}}" gives the same frame again and again of "{{name}}" from {{at}} on, although the video moves there. Nothing was written and the original is untouched. Choose another model, or install this one again.',
  modelAltered:
    'The model "{{id}}" is damaged or altered: {{path}} is not the file that came with Heirloom. It is not used. Install Heirloom again, or choose another model.',
  motionModelUnusable:
    'Frames between others cannot be estimated: the model that does it, in {{folder}}, is missing, damaged or altered. Install Heirloom again.',
  estimatorAltered:
    'What suggests a strength is damaged or altered: {{path}} is not the file that came with Heirloom. It is not used, and no strength is suggested; films can be enhanced as before. Install Heirloom again.',
  models: {
    title: 'Models',
    list: 'Models that are here',
    explain:
      'A model is what Heirloom enhances films with. Those of Heirloom come with it, and Heirloom S works on every computer. Others can be added.',
    unusable: 'Models that cannot be used',
    unusableNamed: '{{name}} cannot be used',
    addFolder: 'Add folder…',
    download: 'Download…',
    addMore: 'Add a model…',
    purpose: {
      'heirloom-s': 'Cleans and enlarges films on any computer.',
      'heirloom-m': 'Comes closer to what was filmed than Heirloom S.',
      'heirloom-m-texture':
        'Draws fine structure that the film no longer shows: grass, leaves, hair. It looks sharper, but not everything it draws was there.',
      flashvsr: 'Finds the most detail. Made for a large graphics card, very slow without one.',
      'residual-codec':
        'Makes and shows Keepsake photos (.hlm). Experimental; it enhances nothing. Photos that it wrote are shown with it alone.',
      other: 'Enhances films.',
    },
    origin: {
      shipped: 'Came with Heirloom',
      placed: 'Put there by hand',
      folder: 'Added from {{from}}',
      download: 'Downloaded from {{from}}',
    },
    onDisk: '{{size}} on disk',
    licence: 'Licence {{licence}}',
    remove: 'Remove…',
    removeNamed: 'Remove {{name}}…',
    removeAsk:
      'Remove {{name}} from Heirloom? {{size}} become free. The files it was made from stay where they are.',
    removeAskOther:
      'Remove {{name}} from Heirloom? {{size}} become free. To use it again, it must be added again.',
    removeYes: 'Remove',
    keep: 'Keep it',
    facts: {
      version: 'Version',
      scales: 'Enlarges',
      added: 'Added',
      folder: 'Lies in',
      files: 'Made from these files:',
      known: 'Exactly the published file',
      notKnown: 'Not in Heirloom’s list of published files',
    },
    slow: 'There is no graphics card here that Heirloom can use. On this computer’s processor, one minute of a tape takes about {{time}} with this model. Heirloom S takes minutes.',
    browse: {
      title: 'Where are the FlashVSR files?',
      explain: 'Open the folder you downloaded them to. It holds four files. They are only read.',
      empty: 'There is nothing in here.',
      choose: 'Look in this folder',
    },
    found: {
      title: 'What was found',
      published: 'FlashVSR {{version}}, exactly as published',
      version: 'FlashVSR {{version}}',
      unknown: 'FlashVSR, version not known',
      ready: 'FlashVSR {{version}}, made ready by another Heirloom',
      where: 'In {{folder}}',
      size: '{{from}} are read, {{to}} are written into Heirloom’s own folder.',
      originals: 'Your files stay as they are.',
      otherSize:
        'This model is not as large as the published one. It will work, but its frames may not be what the authors show.',
      which:
        'Which version is it? The files look the same from outside. The name of the folder you downloaded tells. With the wrong choice, moving things leave ghosts behind them.',
      whichLabel: 'Version',
      v11: 'From the folder FlashVSR-v1.1, the newer one',
      v1: 'From the folder FlashVSR, the first one',
      hint: 'The name of this folder says {{version}}.',
      add: 'Add to Heirloom',
    },
    offer: {
      title: 'Download FlashVSR',
      what: 'What',
      files: '{{name}}, {{count file|files}}, {{size}}',
      hosts: 'From',
      where: 'Goes to',
      room: 'Room',
      roomWords: 'Up to {{most}} while it is made ready, {{kept}} afterwards.',
      address: 'Address (change it to use a mirror)',
      privacy:
        'When you press Download, Heirloom asks that server for these files. Nothing about you, this computer or your films is sent. As with every download, the server sees your internet address.',
      checked: 'Each file is compared with its published checksum. A file that differs is thrown away.',
      unchecked:
        'For some of these files no published checksum is known. What was received is shown in the details afterwards.',
      fetched: '{{size}} are here already. The download goes on from there.',
      full: 'There is not enough room on this disk. Free some space first.',
      agree: 'Download {{size}}',
      v11: 'The newer one, steadier pictures',
      v1: 'The first one',
    },
    work: {
      label: 'Work on models',
      starting: 'Starting…',
      fetch: 'Downloading {{name}}',
      check: 'Checking {{name}}',
      convert: 'Making {{name}} ready',
      bytes: '{{done}} of {{total}}',
      rate: '{{rate}} a second',
      pause: 'Pause',
      resume: 'Go on',
      discard: 'Throw away what has come',
      done: '{{name}} is ready. Choose it beside the film, under Model.',
      paused: 'The download of {{name}} is paused. It can go on at any time.',
      cancelled: '“{{name}}” was stopped. Nothing was changed.',
      ok: 'OK',
    },
  },
} as const

// A film's cuts for other editors: the page, and what their formats do not carry.
export const cuts = {
  cutsLooks:
    '{{count clip is|clips are}} enhanced here, which other editors do not know: they show the videos as filmed. To have them enhanced there, export the film instead.',
  cutsMotion:
    '{{count clip has|clips have}} a motion (smooth, slow motion, tempo, repair). Their lengths and speeds go along; frames that Heirloom makes between others do not.',
  cutsFit:
    '{{count clip comes|clips come}} into the film filling it or unscaled. That does not go along: set it again in the other editor.',
  cutsReread:
    'These videos are read otherwise here than their files say (for example their fields): {{names}}. Set that again in the other editor.',
  cutsRest:
    '{{count part|parts}} of the film that are no plain clips do not go along (sound of its own, stills, titles).',
  cutsRounded:
    '{{count cut lies|cuts lie}} between two frames of {{rate}} frames per second and were moved to the nearest one: by less than one frame.',
  cutsEdlRate:
    'The file does not say at how many frames per second it counts. Choose {{rate}} where the other editor asks for it.',
  cutsEdlMany:
    'There are {{count}} cuts. The format has numbers for {{most}}, and some editors read no more: use another format if the end is missing there.',
  cutsGuessed:
    'These videos were not found, or are others by now, so their frame rates were taken from the project and may be wrong: {{names}}.',
  cutsFormat:
    'Cuts are saved as .otio, .fcpxml, .edl or .csv; "{{name}}" ends in none of these. Give the file one of these endings.',
  usageCutsOutput: '"cuts" wants the name of what it writes: -o OUT.otio, OUT.fcpxml, OUT.edl or OUT.csv.',
  cutsUnreadable:
    '"{{name}}" in {{folder}} cannot be read: it is damaged, or it is not a project. It was not touched, and nothing was written. Open it in the window: where Heirloom has an earlier copy of it, that is shown there.',
  cuts: {
    title: 'Save cuts for another editor',
    words:
      'Which part of which video comes when, to go on with in another program. The videos themselves stay where they are and are not copied.',
    format: 'Format',
    otio: 'OpenTimelineIO',
    otioWords:
      'Exact at every frame rate. For DaVinci Resolve, Kdenlive, Premiere Pro and other new editors.',
    fcpxml: 'Final Cut Pro XML',
    fcpxmlWords: 'For Final Cut Pro; DaVinci Resolve reads it too.',
    edl: 'EDL (CMX 3600)',
    edlWords: 'Read by almost every editor, old ones too, at one frame rate.',
    csv: 'Table (CSV)',
    csvWords: 'For Excel and other spreadsheets, and to read yourself. Editors do not open it.',
    lost: 'What does not go along',
    allGoes: 'All cuts and speeds go along.',
    where: 'Name and place',
    name: 'Name of the file',
    save: 'Save',
  },
} as const

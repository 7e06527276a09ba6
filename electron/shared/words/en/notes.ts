// Notes on films: done, but differently.
export const notes = {
  // ---- notes: done, but differently ----
  noteTruncated:
    'This file is shorter than it says of itself: its end is missing, as when a copy was cut off, or a piece in between. What is there can be used.',
  noteHeadless:
    '"{{name}}" is damaged at its beginning: what a {{ending}} file says there of itself is missing. Only its frames were found, without sound and times. If there is another copy of this film, open that one.',
  noteDamagedAt:
    '"{{name}}" is damaged at {{places}}: frames or sound there are missing or may look and sound wrong. Everything that can be read is used. If there is another copy of this film, open that one.',
  noteHoles:
    '"{{name}}" is damaged at {{places}}: about {{count frame is|frames are}} missing there. The frame before is held meanwhile; others nearby may look wrong. If there is another copy of this film, open that one.',
  noteEmpty:
    'From {{at}} on "{{name}}" holds neither frames nor sound for {{seconds}} s. The frame before is held meanwhile, in silence. If nothing belongs there, cut that part out.',
  noteJoined:
    '"{{name}}" holds {{count film|films}}, one behind the other. They are shown as one, with the frames and the sound of all of them.',
  noteDisorder:
    '"{{name}}" is damaged at {{places}}: pieces of the file stand there twice or in the wrong order. All that can be read is shown in the order of the file; frames and sound there may be wrong. If there is another copy of this film, open that one.',
  noteEndsInPacket:
    '"{{name}}" ends in the middle of a packet, as when a recording or a copy was cut off: what came after that is missing. What is there can be used.',
  noteIndexTimeless:
    'The index of "{{name}}" is damaged: it gives all frames the same time. Of {{total}} frames {{count}} can be shown, at guessed times: the film may be shorter or longer than it was, and its sound may not fit. Copy the file again from where it came from, or open another copy.',
  noteIndexStops:
    'The index of "{{name}}" is damaged: at {{at}} it leads to a place where nothing of the film is. The film ends there, and {{count frame|frames}} of {{total}} are not shown, although they may still be in the file. If there is another copy of this film, open that one.',
  noteIndexLeads:
    'The index of "{{name}}" is damaged at {{places}}: {{count frame has|frames have}} nothing in the file there. The frame before is held meanwhile; others nearby may look wrong. If there is another copy of this film, open that one.',
  noteIndexEmpty:
    'At {{places}} "{{name}}" holds {{count frame|frames}} without any content, as cameras write that skip some. The frame before is held meanwhile.',
  noteIndexSound:
    'The index of "{{name}}" is damaged at {{places}}: sound track {{track}} has nothing in the file there and is silent or sounds wrong. If there is another copy of this film, open that one.',
  noteShorter:
    '"{{name}}" says that it lasts {{told}}, but it ends after {{found}}: the rest is missing, as when a copy was cut off. What is there can be used.',
  noteUnread:
    'About {{percent}} % of "{{name}}" stands behind the last frame and sound that can be read, and is not shown: a second film that was put into the same file, or what damage hides. Open the files that were put together here one by one, or copy the file again from where it came from.',
  noteClockRestarts:
    'The clock of "{{name}}" starts over at {{places}}: recordings were joined there. They are shown one after the other, each with its own sound.',
  noteClockRestartsOnly:
    'The clock of "{{name}}" starts over at {{places}}. Its frames are shown one after the other, but its sound cannot be parted there: listen to what follows. Films joined in one file come out right when each is opened by itself.',
  noteClockLeaps:
    'The clock of "{{name}}" leaps at {{places}}. Its frames are shown one after the other, without a pause there.',
  noteSectionSizes:
    'The recordings joined in "{{name}}" that begin at {{places}} have frames of another size or shape. They are brought to {{size}}, that of the first, between black bars where their shape is another. To keep theirs, open each file that was joined here by itself.',
  noteSectionShapes:
    'The size or the shape of the picture changes within the recordings joined in "{{name}}". It is fitted into the first one, with black bars where its shape is another.',
  noteFilmsBehind:
    '"{{name}}" holds more than one film: behind the first, {{count}} more. Only the first can be read; the result ends with it. Open the files that were joined here one by one.',
  noteNoTimes:
    '"{{name}}" carries no times. Its frames are shown at {{rate}} frames per second, as it says of itself.',
  noteTimesReplaced:
    'In "{{name}}" {{count frame carries|frames carry}} a time that cannot be right, from {{at}} on. What carries one is shown between its neighbours; nothing else moves.',
  noteBeginsLate:
    '"{{name}}" begins in the middle of a shot: its first {{seconds}} s (frames: {{count}}) cannot be shown, because what they build on is not in the file. The film starts after them, and so does its sound.',
  noteLastPicture:
    '"{{name}}" says that its last frame is shown for {{seconds}} s, far longer than all the rest. It is shown for one usual step.',
  noteChaptersAfter:
    '"{{name}}" has chapters that begin after its last frame. They are left out ({{count}}): {{titles}}.',
  noteScaled: '"{{name}}" ({{own}}) is scaled to the size of the film ({{film}}).',
  noteFitted: '"{{name}}" ({{own}}) is fitted into the film ({{film}}); what it does not fill is black.',
  noteFilled: '"{{name}}" ({{own}}) fills the film ({{film}}); what reaches beyond its edges is cut off.',
  noteCentred:
    '"{{name}}" ({{own}}) stands unscaled in the middle of the film ({{film}}); what is larger than the film is cut off.',
  noteToneMapped:
    '"{{name}}" is in high dynamic range or wide colours, and the film is not, because its clips are not all of the same kind: its brightest parts and strongest colours are brought down to ordinary ones.',
  noteRates:
    'The clips have different numbers of frames per second ({{rates}}). Every frame is shown at its own time; none is doubled or left out.',
  spokenWhole: '"{{name}}"',
  spokenPart: '"{{name}}" from {{from}} to {{to}}',
  noteEstimated:
    'Of {{total}} frames of {{name}}, {{count is|are}} estimated from those before and after them; fast motion may smear there. All others are as filmed.',
  noteUnsure:
    '{{count estimate is|estimates are}} unsure: parts of the nearest filmed frame stand there instead, and movement may jump or tear. In the film: {{places}}.',
  noteUnsureWorst:
    '{{count estimate is|estimates are}} unsure: parts of the nearest filmed frame stand there instead, and movement may jump or tear. In the film, worst at: {{places}}.',
  noteNothingEstimated:
    'Between the frames of {{name}} nothing is estimated: every frame that is shown was filmed.',
  noteLeftOut:
    'Of {{total}} frames of {{name}}, {{count is|are}} left out: repeats of another one, or what falls between two that are shown.',
  noteNoRepeats: 'No frame of {{name}} repeats another: none is left out.',
  noteNothingToRepair: 'In {{name}} no frame is given twice, torn or lost: nothing is changed.',
  noteFilmedInFields:
    'Of the film in {{name}}, {{count frame lies|frames lie}} in the fields of two stored frames and cannot be shown whole. “Take the fields apart” under Enhance (--fields in a terminal) gets them.',
  noteHasUnknown:
    'The project asks for something in "{{name}}" that this Heirloom does not know: it is exported without it.',
  noteOtherLength: '{{name}} lasts {{film}} s instead of {{own}} s.',
  noteSoundSilenced: 'The sound of {{name}} is left silent.',
  noteSoundStretched: 'The sound of {{name}} is stretched to the length of its frames, at the same pitch.',
  noteSoundApart:
    'The sound of {{name}} plays as fast as it was recorded, while its frames do not: they drift apart.',
  noteHdr: 'This is a high dynamic range (HDR) video.',
  noteInterlaced:
    '"{{name}}" is interlaced; it is exported with every field as a full frame, at {{rate}} frames per second.',
  noteBits:
    '"{{name}}" has {{bits}} bits per colour; H.264 keeps 8. Choose H.265, AV1, ProRes or FFV1 to keep more.',
  noteNotKept: 'Not kept from "{{name}}": {{others}}.',
  noteSeveral: 'The film has several sources: titles and places of the single files are not carried over.',
  noteEarliest: 'The film is dated {{date}}, the earliest moment of filming in it ("{{name}}").',
  noteMkv: 'MKV keeps times to the millisecond.',
  noteMkvFast:
    'MKV keeps times to the millisecond and cannot say that there are {{rate}} frames per second: programs take it for another rate and show the last frame longer. All frames are kept. Choose MP4 or MOV, which keep the rate.',
  noteRepeated:
    '{{count}} frames of "{{name}}" between {{from}} and {{to}} could not be read and repeat the one before.',
  noteRepeatedOne: 'One frame of "{{name}}" at {{from}} could not be read and repeats the one before.',
  noteDamagedPart: 'The file "{{name}}" is damaged between {{from}} and {{to}}: frames there may look wrong.',
  noteLookEnded:
    'Only the first {{megabytes}} MB of "{{name}}" were searched for sound tracks. One that begins later is not found.',
  noteAlpha: 'The picture of "{{name}}" has transparent parts. Transparency is not kept.',
  noteSeveralFilms:
    '"{{name}}" holds {{count}} films. Track {{track}} ({{size}}) is used. Another one can be chosen, beside the clip in the window or with --track in a terminal: {{others}}.',
  noteShapeChanges:
    'The size or the shape of the picture changes in "{{name}}" at about {{places}}. It is fitted into the first one, with black bars where its shape is another.',
  noteShapeMissed:
    'The shape of the picture changes in "{{name}}" at about {{places}}, which this ffmpeg ({{ffmpeg}}) does not notice: what follows looks too wide or too narrow. With an ffmpeg before 7.0 it is right.',
  noteFieldsByContainer: 'The frames of "{{name}}" are read as interlaced because its container says so.',
  noteOddSize:
    'The picture of "{{name}}" is {{size}}. Films have even sizes: it becomes {{even}}, with its last column or row once more.',
  noteCodecSmallest:
    '{{codec}} holds no picture under {{least}}×{{least}}. The film becomes {{size}}: the picture of {{shown}} with its edge repeated to the right and below. H.264 keeps the size.',
  noteMadeBefore: 'What was made before is used again: {{kept}} of {{total}} frames.',
  noteMemory: 'Memory ran short in the middle: the rest was done in a way that takes less of it.',
  noteStill:
    'A single photo gains less than a moment of a film: there are no other frames of it to learn from.',
  noteAlone:
    'No frame around this one shows the same thing, so it was made from this one alone. A calmer moment nearby may come out better.',
  noteHelped: 'Neighbouring frames that helped: {{count}}.',
  noteHelpedBut:
    'Neighbouring frames that helped: {{count}}. Left out, because they show something else: {{dropped}}.',
} as const

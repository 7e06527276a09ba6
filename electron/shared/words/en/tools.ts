// ffmpeg: what it was asked to do, why it failed, what a check of a finished file found.
export const tools = {
  encoderMissing:
    'This ffmpeg ({{ffmpeg}}) cannot write {{codec}}: it was built without {{encoder}}. Choose another codec or another ffmpeg.',
  toolDiskFull:
    'Could not {{what}}: the disk is full. Your videos are untouched. Free some space on the disk that is written to.',
  // what a tool was asked to do, inside "Could not ..."
  doRead: 'read "{{name}}"',
  doReadPhoto: 'read the photo',
  doReadTracks: 'read the tracks of "{{name}}"',
  doReadTimes: 'read the timestamps of "{{name}}"',
  doReadLength: 'read the length of "{{name}}"',
  doHear: 'read the sound of "{{name}}"',
  doTrySound: 'try a sound track',
  doWrite: 'write "{{name}}"',
  doCheck: 'check "{{name}}"',
  doPicture: 'make a picture',
  doReadShape: 'look at the shape of the picture',
  doProxy: 'make a version of "{{name}}" for the viewer',
  doAsk: 'ask {{tool}} for {{option}}',
  doOpen: 'open {{target}}',
  // what was found by the check of a finished file
  checkSize: 'its picture is not {{size}}',
  checkTracks: 'it has {{found sound track|sound tracks}} instead of {{wanted}}',
  checkFrames: 'it has {{found frame|frames}} instead of {{wanted}}',
  checkStart: 'it starts at the wrong time',
  checkTime: 'frame {{frame}} is not shown at its time',
  toolFailed: 'Could not {{what}}: {{reason}}. Your videos are untouched.',
  toolLate:
    'Could not {{what}}: no answer within {{seconds}} seconds. The drive or the network folder does not answer, or the file is damaged. Nothing was changed. Check the connection, or copy the file to this computer and open the copy.',
  toolNotStarted: 'Could not {{what}}: {{tool}} does not start ({{reason}}).',
  ffmpegNamed: '{{variable}} names {{path}}, but there is no such file. Correct it or unset it.',
  ffmpegNone:
    'Heirloom needs ffmpeg to read and write videos, and there is none. Install it ({{how}}) or name it in FFMPEG_BIN and FFPROBE_BIN.',
  ffprobeNone:
    'ffmpeg is at {{path}}, but its companion ffprobe is missing. Install it ({{how}}) or name it in FFMPEG_BIN and FFPROBE_BIN.',
  ffmpegSilent:
    '{{path}} is there but does not answer as it should. Install it again ({{how}}) or name another in FFMPEG_BIN and FFPROBE_BIN.',
  ffmpegOld:
    '{{path}} is version {{version}}; Heirloom needs 4.4 or newer. Install a newer one ({{how}}) or name it in FFMPEG_BIN and FFPROBE_BIN.',
  toolKilled:
    'Could not {{what}}: the system ended ffmpeg ({{signal}}), as it does when memory runs out. It was tried twice. What was finished is kept; close other programs, then go on.',
  toolStalled:
    'Could not {{what}}: ffmpeg stood still for {{seconds}} seconds, twice, and was ended. What was finished is kept; see whether another program stops it, then go on.',
} as const

"""Damage as home video shows it, made from clean clips: plain operations, real encoders, seeded recipes."""

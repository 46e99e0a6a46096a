/** Field shapes that several OpenMetal answers share. Most members may be missing or null. */
import * as z from 'zod';

/** What PostgreSQL can read, too: a year of ours and an offset that exists on Earth. */
const READABLE = /^(?:19|20)[\d-]{8}T[\d:.]+(?:Z|[+-](?:0\d|1[0-4]):\d{2})?$/;

/** `2026-03-02T14:30:40+00:00`, `…Z`, with or without fractions. */
export const instant = z.iso.datetime({ offset: true }).regex(READABLE);

/** Dates of cloud stats: `2025-12-19T10:46:57.296469`, without a zone; UTC is meant. */
export const naiveInstant = z.iso.datetime({ offset: true, local: true }).regex(READABLE);

/** A number, or its text, as PostgreSQL's numeric reads it. */
export const decimal = z.union([z.number(), z.string().regex(/^-?\d+(?:\.\d+)?$/)]);

/** The hash ids of Central: `0Absd1`. */
export const hashId = z.string().min(1);

export const text = z.string();

/** Kept and not read: any shape, or nothing. */
export const unread = z.unknown().optional();

/**
 * Goal: whatever goes wrong on the way to the providers and in their worlds, and however an open point
 * is read, the ledger meets their own invoices, or says by how much it may not. Method: seeded months
 * with every such fault; `npm run simulate:seeds -- --readings drawn` lives through more.
 */
import { onTheRunsServer, testMonths } from './seeded-months.ts';

onTheRunsServer();
testMonths(1, 5, ['id-case']);

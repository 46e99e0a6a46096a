/** Writes a query's rows as an Arrow IPC file, batch by batch. */
import { RecordBatchFileWriter } from 'apache-arrow';
import type pg from 'pg';
import type { Column } from './column.ts';
import { FileOutput, type WrittenFile } from './file-output.ts';
import { arrowSchema, recordBatches } from './record-batches.ts';

/** Decimals are Decimal128 with 9 (prices: 15) places. `from` is as in `recordBatches`. */
export function writeArrow(
  connection: pg.ClientBase,
  columns: readonly Column[],
  from: string,
  file: string,
): Promise<WrittenFile> {
  return FileOutput.writeFile(file, async (output) => {
    const writer = new TakenFileWriter();
    writer.reset(undefined, arrowSchema(columns));
    let rows = 0;
    for await (const batch of recordBatches(connection, columns, from)) {
      writer.write(batch);
      rows += batch.numRows;
      for (const chunk of writer.take()) await output.write(chunk);
    }
    writer.finish();
    for (const chunk of writer.take()) await output.write(chunk);
    return rows;
  });
}

/**
 * The library's writer puts its bytes into a queue without bounds; this one keeps them until they
 * are taken, so that nothing is made before the file has what there is.
 */
class TakenFileWriter extends RecordBatchFileWriter {
  #chunks: Uint8Array[] = [];

  protected override _write(chunk: Parameters<RecordBatchFileWriter['_write']>[0]): this {
    const { buffer, byteOffset, byteLength } = chunk as ArrayBufferView;
    this.#chunks.push(new Uint8Array(buffer, byteOffset, byteLength));
    this._position += byteLength;
    return this;
  }

  take(): Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }
}

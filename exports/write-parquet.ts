/** Writes a query's rows as a Parquet file (zstd), row group by row group. */
import { type RecordBatch, RecordBatchStreamWriter } from 'apache-arrow';
import {
  Compression,
  Table,
  transformParquetStream,
  type WriterProperties,
  WriterPropertiesBuilder,
} from 'parquet-wasm';
import type pg from 'pg';
import type { Column } from './column.ts';
import { FileOutput, type WrittenFile } from './file-output.ts';
import { arrowSchema, emptyBatch, recordBatches } from './record-batches.ts';

/** A row group is in memory as a whole while it is written. */
const ROW_GROUP_ROWS = 131_072;

/** Decimals are DECIMAL(38, 9) (prices: 15 places). `from` is as in `recordBatches`. */
export function writeParquet(
  connection: pg.ClientBase,
  columns: readonly Column[],
  from: string,
  file: string,
): Promise<WrittenFile> {
  return FileOutput.writeFile(file, async (output) => {
    let rows = 0;
    async function* counted(): AsyncGenerator<RecordBatch> {
      for await (const batch of recordBatches(connection, columns, from)) {
        rows += batch.numRows;
        yield batch;
      }
      // The writer learns the columns from the first batch.
      if (rows === 0) yield emptyBatch(arrowSchema(columns));
    }
    const parquet: AsyncIterable<Uint8Array> = await transformParquetStream(
      wasmBatches(counted()),
      writerProperties(),
    );
    for await (const chunk of parquet) await output.write([chunk]);
    return rows;
  });
}

function writerProperties(): WriterProperties {
  return new WriterPropertiesBuilder()
    .setCompression(Compression.ZSTD)
    .setMaxRowGroupSize(ROW_GROUP_ROWS)
    .setCreatedBy('meterhouse')
    .build();
}

/** The batches in the memory of the WebAssembly writer, one at a time as it asks for them. */
function wasmBatches(batches: AsyncGenerator<RecordBatch>): ReadableStream {
  return new ReadableStream(
    {
      async pull(controller) {
        const { value, done } = await batches.next();
        if (done === true) controller.close();
        else {
          const bytes = RecordBatchStreamWriter.writeAll([value]).toUint8Array(true);
          for (const batch of Table.fromIPCStream(bytes).recordBatches()) controller.enqueue(batch);
        }
      },
    },
    { highWaterMark: 0 },
  );
}

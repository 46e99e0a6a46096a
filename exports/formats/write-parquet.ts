/** Writes a query's rows as a Parquet file (zstd), row group by row group. */
import { type RecordBatch, RecordBatchStreamWriter, type Schema } from 'apache-arrow';
import {
  Compression,
  Table,
  transformParquetStream,
  type WriterProperties,
  WriterPropertiesBuilder,
  writeParquet as writeWholeTable,
} from 'parquet-wasm';
import type pg from 'pg';
import type { Column } from './column.ts';
import { FileOutput, type WrittenFile } from './file-output.ts';
import { arrowSchema, recordBatches } from './record-batches.ts';

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
    const schema = arrowSchema(columns);
    let rows = 0;
    const batches = wasmBatches(schema, recordBatches(connection, columns, from), (batch) => {
      rows += batch.numRows;
    });
    const first = await batches.next();
    if (first.done === true) {
      // The streaming writer learns the columns from its first batch.
      await output.write(writeWholeTable(wasmTable(schema, []), writerProperties()));
      return 0;
    }
    const parquet: AsyncIterable<Uint8Array> = await transformParquetStream(
      streamOf(first.value, batches),
      writerProperties(),
    );
    for await (const chunk of parquet) await output.write(chunk);
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

/** The batches in the memory of the WebAssembly writer. */
async function* wasmBatches(
  schema: Schema,
  batches: AsyncIterable<RecordBatch>,
  onBatch: (batch: RecordBatch) => void,
): AsyncGenerator<object> {
  for await (const batch of batches) {
    onBatch(batch);
    yield* wasmTable(schema, [batch]).recordBatches();
  }
}

function wasmTable(schema: Schema, batches: readonly RecordBatch[]): Table {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  for (const batch of batches) writer.write(batch);
  return Table.fromIPCStream(writer.finish().toUint8Array(true));
}

/** Gives what is asked for and no more, so that nothing waits in memory. */
function streamOf(first: object, rest: AsyncGenerator<object>): ReadableStream {
  return new ReadableStream(
    {
      start: (controller) => controller.enqueue(first),
      async pull(controller) {
        const { value, done } = await rest.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}

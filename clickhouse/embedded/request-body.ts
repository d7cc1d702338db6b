import type { IncomingMessage } from "node:http";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { refusal } from "./exception";

/** Bytes of one request after decompression. One INSERT is one part of the table, held in memory once; callers batch far below this. */
export const BODY_BYTES_MAX = 1024 * 1024 * 1024;

/** Reads the whole body, decompressed by its Content-Encoding. The result owns its memory. Rejects with a refusal. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const piece of source) {
      size += piece.length;
      if (size > BODY_BYTES_MAX) {
        throw refusal(307, "TOO_MANY_BYTES", `The request body exceeds ${BODY_BYTES_MAX} bytes; send smaller batches`);
      }
      pieces.push(piece);
    }
  };
  const decompressor = decompressorFor(message.headers["content-encoding"]);
  if (decompressor === undefined) await collect(message);
  else {
    try {
      await pipeline(message, decompressor, collect);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith("Code: ")) throw error;
      throw refusal(354, "ZLIB_INFLATE_FAILED", "The request body cannot be decompressed by its Content-Encoding");
    }
  }
  // Not Buffer.concat: small results come from Node's shared pool, and this one is handed over to another thread with its memory.
  const body = Buffer.from(new ArrayBuffer(size));
  let at = 0;
  for (const piece of pieces) at += piece.copy(body, at);
  return body;
}

function decompressorFor(encoding: string | undefined) {
  switch (encoding ?? "identity") {
    case "identity":
    case "":
      return undefined;
    case "gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      throw refusal(48, "NOT_IMPLEMENTED", `Content-Encoding ${encoding} is not supported by the embedded ClickHouse`);
  }
}

/** Ports are looked at before anything is started, so that a clash is one sentence and not half a start. */
import { createServer } from "node:net";
import { ConfigurationError } from "@/lib/config/environment";

export interface WantedPort {
  readonly variable: string;
  readonly port: number;
  readonly host: string;
}

/** @throws ConfigurationError naming port and variable. */
export async function checkPorts(wanted: readonly WantedPort[]): Promise<void> {
  for (const { variable, port, host } of wanted) {
    if (port === 0 || (await isFree(port, host))) continue;
    throw new ConfigurationError(
      `${variable}: port ${port} is in use by another program. Stop that program (is Throughline running already?), or set ${variable} to a free port.`,
    );
  }
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(false);
      else if (error.code === "EACCES")
        reject(new ConfigurationError(`Port ${port} may not be used by this account; choose one above 1023.`));
      else reject(error);
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

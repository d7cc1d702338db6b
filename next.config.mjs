/** @type {import('next').NextConfig} */
const nextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  serverExternalPackages: ["chdb", "pino", "@clickhouse/client", "exceljs"],
};

export default nextConfig;

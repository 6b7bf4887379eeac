// The rules for what its surroundings declare to be secret: the password of an address, and the literal behind a name like `password`.
// The first rule that fits names the finding; the particular ones stand before the general ones.
import { isPassword, isToken } from './judge-value.ts'
import type { NamedRule, UrlRule } from './rule.ts'

const password = /(?:password|passwd|pwd)$/

function isAwsSecret(value: string): boolean {
  return /^[A-Za-z0-9/+]{40}$/.test(value) && isToken(value)
}

function isLongToken(value: string): boolean {
  return value.length >= 100 && isToken(value)
}

// 32 or 64 bytes in base64.
function isSymmetricKey(value: string): boolean {
  return /^(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==)$/.test(value) && isToken(value)
}

/** Rules for credentials in addresses. */
export const urlRules: readonly UrlRule[] = [
  { id: 'mqtt-url', title: 'Credentials in an MQTT address', schemes: ['mqtt', 'mqtts', 'mqtt+ssl', 'ws', 'wss'] },
  { id: 'amqp-url', title: 'Credentials in an AMQP address', schemes: ['amqp', 'amqps'] },
  { id: 'nats-url', title: 'Credentials in a NATS address', schemes: ['nats', 'tls'] },
  { id: 'opcua-url', title: 'Credentials in an OPC UA address', schemes: ['opc.tcp', 'opc.https', 'opc.wss'] },
  {
    id: 'database-url',
    title: 'Credentials in a database address',
    schemes: [
      'postgres',
      'postgresql',
      'timescaledb',
      'mysql',
      'mariadb',
      'mongodb',
      'mongodb+srv',
      'redis',
      'rediss',
      'mssql',
      'sqlserver',
      'clickhouse',
      'influxdb',
    ],
  },
  { id: 'http-url', title: 'Credentials in a web address', schemes: ['http', 'https', 'git+https'] },
  {
    id: 'file-transfer-url',
    title: 'Credentials in a file transfer address',
    schemes: ['ftp', 'ftps', 'sftp', 'ssh', 'smb', 'rtsp', 'rtsps'],
  },
  { id: 'other-url', title: 'Credentials in an address', schemes: [] },
]

/** Rules for literals that a name declares to be secret, most particular first. */
export const namedRules: readonly NamedRule[] = [
  {
    id: 'aws-secret-access-key',
    title: 'AWS secret access key',
    name: /secret_?access_?key$|^aws_secret_key$/,
    isSecret: isAwsSecret,
  },
  {
    id: 'aws-session-token',
    title: 'AWS session token',
    name: /aws_?(?:session|security)_?token$/,
    isSecret: isLongToken,
  },
  { id: 'influx-token', title: 'InfluxDB token', name: /influx(?:_?db)?(?:_[a-z0-9]+)?_token$/, isSecret: isToken },
  {
    id: 'iot-device-key',
    title: 'Symmetric key of a device',
    name: /(?:primary|secondary|symmetric|device|enrollment)_?key$/,
    isSecret: isSymmetricKey,
  },
  { id: 'ngsi-token', title: 'Token of a context broker', name: /token$/, near: ['ngsi', 'fiware'], isSecret: isToken },
  {
    id: 'opcua-password',
    title: 'OPC UA password',
    name: password,
    near: ['opc.tcp', 'opcua', 'opc_ua', 'opc-ua', 'opc ua'],
    isSecret: isPassword,
  },
  { id: 'mqtt-password', title: 'MQTT password', name: password, near: ['mqtt'], isSecret: isPassword },
  {
    id: 'historian-password',
    title: 'Historian password',
    name: password,
    near: ['historian', 'osisoft', 'aveva', 'piserver', 'pi_server', 'pi web api'],
    isSecret: isPassword,
  },
  {
    id: 'wifi-key',
    title: 'Wireless network key',
    name: /^(?:wpa_|wifi_)?(?:psk|passphrase)$|(?:wifi|wlan|wpa)_(?:password|passphrase|psk|key)$/,
    isSecret: isPassword,
  },
  { id: 'password', title: 'Password', name: /(?:password|passwd|passphrase|(?:^|_)pwd)$/, isSecret: isPassword },
  {
    id: 'secret-value',
    title: 'Secret, token or key',
    name: /(?:secret|token|credential|credentials|api_?key|(?:access|private|secret|auth|signing|encryption|shared|account|service|session|hmac|psk)_?key)$/,
    isSecret: isToken,
  },
]

// An MCAP file, written as it grows (mcap.dev, version 0): chunks of about a megabyte with their indexes, and a summary at the end. Records are
// those of @mcap/core; its own writer is asynchronous, and a simulation step is not, so the order of records is kept here. Memory: one chunk.

import { crc32 } from 'node:zlib'
import { McapChunkBuilder, McapRecordBuilder, type McapTypes } from '@mcap/core'
import { EngineError } from '../errors.ts'

/** Takes the next bytes of a file. They belong to the taker. */
export type ByteSink = (chunk: Uint8Array) => void

/** Limits of a file. */
const mcapLimits = { channelsMax: 1000, messageBytesMax: 256 * 1024 * 1024 } as const

const chunkBytes = 1024 * 1024
// The opcodes of summary groups (specification, "Opcodes"), in the order in which they are written.
const groupOpcodes = { schema: 0x03, channel: 0x04, statistics: 0x0b, metadataIndex: 0x0d, chunkIndex: 0x08 } as const
const footerOpcode = 0x02

/** Writes one MCAP file into a sink. Call `end` once; nothing may be added after. */
export class McapFile {
  readonly #sink: ByteSink
  readonly #records = new McapRecordBuilder()
  readonly #chunk = new McapChunkBuilder({ useMessageIndex: true })
  readonly #schemas: McapTypes.Schema[] = []
  readonly #channels: McapTypes.Channel[] = []
  readonly #counts = new Map<number, bigint>()
  readonly #chunkIndexes: McapTypes.ChunkIndex[] = []
  readonly #metadataIndexes: McapTypes.MetadataIndex[] = []
  readonly #introduced = new Set<number>()
  readonly #sequences = new Map<number, number>()
  #start: bigint | undefined
  #end = 0n
  #position = 0n
  #dataCrc = 0
  #closed = false

  /** Begins the file; `library` names who wrote it. */
  constructor(sink: ByteSink, library: string) {
    this.#sink = sink
    this.#records.writeMagic()
    this.#records.writeHeader({ profile: '', library })
    this.#flushData()
  }

  /** Bytes written so far. */
  get bytes(): bigint {
    return this.#position
  }

  /** Declares a topic whose messages are JSON of a schema; answers its channel number. Schemas of the same name are shared. */
  channel(topic: string, schemaName: string, jsonSchema: string, metadata: ReadonlyMap<string, string> = new Map()): number {
    this.#checkOpen()
    if (this.#channels.length >= mcapLimits.channelsMax) {
      throw new EngineError('value/out-of-range', `An MCAP file takes ${mcapLimits.channelsMax} channels; \`${topic}\` is one more.`, {
        topic,
      })
    }
    let schema = this.#schemas.find((known) => known.name === schemaName)
    if (schema === undefined) {
      schema = { id: this.#schemas.length + 1, name: schemaName, encoding: 'jsonschema', data: new TextEncoder().encode(jsonSchema) }
      this.#schemas.push(schema)
    }
    const id = this.#channels.length
    this.#channels.push({ id, schemaId: schema.id, topic, messageEncoding: 'json', metadata: new Map(metadata) })
    return id
  }

  /** Adds a message: measured at `measuredNs`, received at `receivedNs` (whole nanoseconds). */
  message(channelId: number, measuredNs: number, receivedNs: number, data: Uint8Array): void {
    this.#checkOpen()
    const channel = this.#channels[channelId]
    if (channel === undefined) throw new EngineError('value/missing', `There is no MCAP channel ${channelId}.`, { channelId })
    if (data.length > mcapLimits.messageBytesMax) {
      throw new EngineError(
        'value/out-of-range',
        `A message of ${data.length} bytes on \`${channel.topic}\` is past ${mcapLimits.messageBytesMax}.`,
        {
          messageBytesMax: mcapLimits.messageBytesMax,
        },
      )
    }
    this.#introduce(channel)
    const logTime = BigInt(receivedNs)
    const sequence = this.#sequences.get(channelId) ?? 0
    this.#sequences.set(channelId, sequence + 1)
    this.#counts.set(channelId, (this.#counts.get(channelId) ?? 0n) + 1n)
    this.#start = this.#start === undefined || logTime < this.#start ? logTime : this.#start
    this.#end = logTime > this.#end ? logTime : this.#end
    this.#chunk.addMessage({ channelId, sequence, logTime, publishTime: BigInt(measuredNs), data })
    if (this.#chunk.byteLength > chunkBytes) this.#flushChunk()
  }

  /** Adds named facts about the whole file. */
  metadata(name: string, facts: ReadonlyMap<string, string>): void {
    this.#checkOpen()
    this.#flushChunk()
    const offset = this.#position
    const length = this.#records.writeMetadata({ name, metadata: new Map(facts) })
    this.#flushData()
    this.#metadataIndexes.push({ name, offset, length })
  }

  /** Writes what is left and the summary. */
  end(): void {
    this.#checkOpen()
    this.#closed = true
    this.#flushChunk()
    this.#records.writeDataEnd({ dataSectionCrc: this.#dataCrc })
    this.#emit(this.#take())
    this.#summary()
  }

  #checkOpen(): void {
    if (this.#closed) throw new EngineError('run/ended', 'The MCAP file has been ended; begin a new one.')
  }

  #introduce(channel: McapTypes.Channel): void {
    if (this.#introduced.has(channel.id)) return
    this.#introduced.add(channel.id)
    const schema = this.#schemas[channel.schemaId - 1]
    const isFirstOfSchema = this.#channels.every(
      (other) => other === channel || other.schemaId !== channel.schemaId || !this.#introduced.has(other.id),
    )
    if (schema !== undefined && isFirstOfSchema) this.#chunk.addSchema(schema)
    this.#chunk.addChannel(channel)
  }

  #take(): Uint8Array {
    // `buffer` is a copy, so that the sink may keep it.
    const bytes = this.#records.buffer
    this.#records.reset()
    return bytes
  }

  #emit(bytes: Uint8Array): void {
    this.#position += BigInt(bytes.length)
    this.#sink(bytes)
  }

  #flushData(): void {
    const bytes = this.#take()
    this.#dataCrc = crc32(bytes, this.#dataCrc)
    this.#emit(bytes)
  }

  #flushChunk(): void {
    const chunk = this.#chunk
    if (chunk.numMessages === 0) return
    const records = chunk.buffer
    const size = BigInt(records.length)
    const times = { messageStartTime: chunk.messageStartTime, messageEndTime: chunk.messageEndTime }
    const chunkStartOffset = this.#position
    const chunkLength = this.#records.writeChunk({
      ...times,
      uncompressedSize: size,
      uncompressedCrc: crc32(records),
      compression: '',
      records,
    })
    this.#flushData()
    const messageIndexOffsets = new Map<number, bigint>()
    let messageIndexLength = 0n
    for (const index of chunk.indices) {
      messageIndexOffsets.set(index.channelId, this.#position + messageIndexLength)
      messageIndexLength += this.#records.writeMessageIndex(index)
    }
    this.#flushData()
    this.#chunkIndexes.push({
      ...times,
      chunkStartOffset,
      chunkLength,
      messageIndexOffsets,
      messageIndexLength,
      compression: '',
      compressedSize: size,
      uncompressedSize: size,
    })
    chunk.reset()
  }

  #summary(): void {
    const summaryStart = this.#position
    const groups: { readonly groupOpcode: number; readonly groupStart: bigint; readonly groupLength: bigint }[] = []
    let crc = 0
    const group = (groupOpcode: number, write: () => void): void => {
      write()
      const bytes = this.#take()
      if (bytes.length > 0) groups.push({ groupOpcode, groupStart: this.#position, groupLength: BigInt(bytes.length) })
      crc = crc32(bytes, crc)
      this.#emit(bytes)
    }
    group(groupOpcodes.schema, () => {
      for (const schema of this.#schemas) this.#records.writeSchema(schema)
    })
    group(groupOpcodes.channel, () => {
      for (const channel of this.#channels) this.#records.writeChannel(channel)
    })
    group(groupOpcodes.statistics, () => this.#records.writeStatistics(this.#statistics()))
    group(groupOpcodes.metadataIndex, () => {
      for (const index of this.#metadataIndexes) this.#records.writeMetadataIndex(index)
    })
    group(groupOpcodes.chunkIndex, () => {
      for (const index of this.#chunkIndexes) this.#records.writeChunkIndex(index)
    })
    const summaryOffsetStart = this.#position
    for (const offset of groups) this.#records.writeSummaryOffset(offset)
    const offsets = this.#take()
    crc = crc32(offsets, crc)
    this.#emit(offsets)
    // The footer's own first fields are part of what its checksum covers.
    const head = new DataView(new ArrayBuffer(25))
    head.setUint8(0, footerOpcode)
    head.setBigUint64(1, 20n, true)
    head.setBigUint64(9, summaryStart, true)
    head.setBigUint64(17, summaryOffsetStart, true)
    this.#records.writeFooter({ summaryStart, summaryOffsetStart, summaryCrc: crc32(new Uint8Array(head.buffer), crc) })
    this.#records.writeMagic()
    this.#emit(this.#take())
  }

  #statistics(): McapTypes.Statistics {
    return {
      messageCount: [...this.#counts.values()].reduce((sum, count) => sum + count, 0n),
      schemaCount: this.#schemas.length,
      channelCount: this.#channels.length,
      attachmentCount: 0,
      metadataCount: this.#metadataIndexes.length,
      chunkCount: this.#chunkIndexes.length,
      messageStartTime: this.#start ?? 0n,
      messageEndTime: this.#end,
      channelMessageCounts: this.#counts,
    }
  }
}

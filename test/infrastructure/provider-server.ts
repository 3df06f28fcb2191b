import { createRequire } from "node:module";
import type { AzureDouble, AzureRefusal } from "./azure-double.ts";
import type { Properties } from "./azure-resources.ts";
import type { SdkTypes } from "./sdk-types.ts";

/** gRPC and protobuf are the SDK's own packages. */
const load = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const grpc: typeof import("@grpc/grpc-js") = load("@grpc/grpc-js");
const protobuf: typeof import("google-protobuf/google/protobuf/struct_pb.js") = load("google-protobuf/google/protobuf/struct_pb.js");
const { Empty }: typeof import("google-protobuf/google/protobuf/empty_pb.js") = load("google-protobuf/google/protobuf/empty_pb.js");
const messages: typeof import("@pulumi/pulumi/proto/provider_pb.js") = load("@pulumi/pulumi/proto/provider_pb.js");
const plugin: typeof import("@pulumi/pulumi/proto/plugin_pb.js") = load("@pulumi/pulumi/proto/plugin_pb.js");
const { ResourceProviderService } = load("@pulumi/pulumi/proto/provider_grpc_pb.js");

type Struct = InstanceType<typeof protobuf.Struct>;
type Handler<Request, Response> = (request: Request) => Response | Promise<Response>;

/**
 * What the engine calls azure-native's plugin, over its own protocol, with Azure's double behind
 * it.
 */
export class ProviderServer {
  readonly #server = new grpc.Server();
  readonly #types: SdkTypes;
  readonly #azure: AzureDouble;

  private constructor(azure: AzureDouble, types: SdkTypes) {
    this.#azure = azure;
    this.#types = types;
  }

  /** For PULUMI_DEBUG_PROVIDERS. */
  static async start(azure: AzureDouble, types: SdkTypes): Promise<{ readonly port: number; readonly stop: () => void }> {
    const provider = new ProviderServer(azure, types);
    provider.#server.addService(ResourceProviderService, provider.#service());
    const port = await new Promise<number>((resolve, reject) => {
      const credentials = grpc.ServerCredentials.createInsecure();
      provider.#server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
    });
    return { port, stop: () => provider.#server.forceShutdown() };
  }

  #service() {
    const azure = this.#azure;
    return {
      handshake: answer(() => new messages.ProviderHandshakeResponse()),
      attach: answer(() => new Empty()),
      getPluginInfo: answer(() => {
        const info = new plugin.PluginInfo();
        info.setVersion("3.28.0");
        return info;
      }),
      checkConfig: answer((request: InstanceType<typeof messages.CheckRequest>) => checked(request.getNews())),
      diffConfig: answer(() => new messages.DiffResponse()),
      configure: answer(() => new messages.ConfigureResponse()),
      invoke: answer((request: InstanceType<typeof messages.InvokeRequest>) => {
        if (request.getTok() !== "azure-native:authorization:getClientConfig") throw new Error(`the double answers no ${request.getTok()}`);
        const response = new messages.InvokeResponse();
        response.setReturn(structOf(azure.clientConfig));
        return response;
      }),
      check: answer((request: InstanceType<typeof messages.CheckRequest>) => {
        const response = checked(request.getNews());
        const failures = this.#types.check(typeOf(request.getUrn()), propertiesOf(request.getNews()));
        response.setFailuresList(failures.map(failureOf));
        return response;
      }),
      diff: answer((request: InstanceType<typeof messages.DiffRequest>) => {
        const { changed, replaced } = azure.diff(
          typeOf(request.getUrn()),
          propertiesOf(request.getOldInputs()),
          propertiesOf(request.getNews()),
        );
        const response = new messages.DiffResponse();
        const { DIFF_SOME, DIFF_NONE } = messages.DiffResponse.DiffChanges;
        response.setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME);
        response.setDiffsList([...changed]);
        response.setReplacesList([...replaced]);
        return response;
      }),
      create: answer(async (request: InstanceType<typeof messages.CreateRequest>) => {
        const response = new messages.CreateResponse();
        if (request.getPreview()) {
          response.setProperties(request.getProperties());
          return response;
        }
        const { id, state } = await azure.create(typeOf(request.getUrn()), propertiesOf(request.getProperties()));
        response.setId(id);
        response.setProperties(structOf(state));
        return response;
      }),
      // In a preview the provider knows what goes in, the name and the region; whatever else Azure
      // gave may come out otherwise.
      update: answer((request: InstanceType<typeof messages.UpdateRequest>) => {
        const response = new messages.UpdateResponse();
        const news = propertiesOf(request.getNews());
        const { name, location } = propertiesOf(request.getOlds());
        const update = () => azure.update(typeOf(request.getUrn()), request.getId(), news);
        response.setProperties(structOf(request.getPreview() ? { ...news, name, location } : update()));
        return response;
      }),
      read: answer((request: InstanceType<typeof messages.ReadRequest>) => {
        const response = new messages.ReadResponse();
        const found = azure.read(request.getId());
        if (found === null) return response;
        response.setId(request.getId());
        response.setProperties(structOf(found.state));
        response.setInputs(structOf(found.inputs));
        return response;
      }),
      delete: answer((request: InstanceType<typeof messages.DeleteRequest>) => {
        azure.delete(typeOf(request.getUrn()), request.getId());
        return new Empty();
      }),
    };
  }
}

/** An error of the double's becomes an error of the provider's, with its words. */
function answer<Request, Response>(handler: Handler<Request, Response>) {
  return async (call: { readonly request: Request }, callback: (error: object | null, response?: Response) => void): Promise<void> => {
    try {
      callback(null, await handler(call.request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: (error as AzureRefusal).message });
    }
  };
}

function checked(inputs: Struct | undefined): InstanceType<typeof messages.CheckResponse> {
  const response = new messages.CheckResponse();
  response.setInputs(inputs);
  return response;
}

function failureOf({ property, reason }: { readonly property: string; readonly reason: string }) {
  const failure = new messages.CheckFailure();
  failure.setProperty(property);
  failure.setReason(`${property} ${reason}`);
  return failure;
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function propertiesOf(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

function structOf(properties: Properties): Struct {
  return protobuf.Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}
